"""`make check`'s last step: known vulnerabilities of the pinned packages.

Where the vulnerability service answers, a finding fails the check. A package that could not be looked up is
counted and printed, never taken for a clean one; where none could be, the line says that nothing was audited.
"""

import json
import subprocess
import sys
from pathlib import Path

CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


def main() -> int:
    """Run pip-audit over constraints.txt; 1 when it knows a vulnerability."""
    command = [
        sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json",
        "--progress-spinner", "off", "--timeout", "10", "--requirement", str(CONSTRAINTS),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["no answer"])[-1][:160]
        print(f"audit: NOT done, the vulnerability service did not answer ({reason})")  # noqa: T201
        return 0
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    found = [(package["name"], package["version"], vulnerability["id"])
             for package in packages for vulnerability in package.get("vulns", ())]  # fmt: skip
    print(f"audit: {len(packages) - len(skipped)} packages looked up, {len(skipped)} skipped, {len(found)} findings")  # noqa: T201
    for name, version, advisory in found:
        print(f"  {name} {version}: {advisory}")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
