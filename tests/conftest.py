"""For all tests: Hypothesis tries the same cases every time (`make soak` others); the fault loop's seed is told."""

import os
import secrets

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

# drawn once, before other processes take their share of the tests
FAULT_SEED = int(os.environ.setdefault("CREDITDESK_FAULT_SEED", str(secrets.randbelow(1_000_000))))


def pytest_report_header() -> str:
    """What repeats this run's faults."""
    return f"fault loop: CREDITDESK_FAULT_SEED={FAULT_SEED}"
