"""`creditdesk --help` against a bare interpreter."""

import subprocess
import sys

from benchmarks.measure import compare


def main() -> None:
    """Both as processes of their own."""
    compare(
        "`creditdesk --help`",
        lambda: subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, check=True),
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        15,
        7,
    ).tell()


if __name__ == "__main__":
    main()
