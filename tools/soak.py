"""Load and kills for MINUTES: starts, kills and restarts, again and again, until one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time

TESTS = (
    "tests/engine/postgres/test_server.py",
    "tests/project/test_house.py",
    "tests/engine/changes/test_kills.py",
)


def main() -> int:
    """Run the tests of kills in rounds; the exit code of the first that fails, else 0."""
    ends = time.monotonic() + 60 * float(os.environ.get("MINUTES", "60"))
    rounds = 0
    environment = {**os.environ, "HAIHE_CITY": "", "HAIHE_DATA": "", "KILLS": "100"}
    while time.monotonic() < ends:
        words = [sys.executable, "-m", "pytest", "-q", "-x", *TESTS]
        failed = subprocess.call(words, env=environment)
        if failed:
            print(f"Failed in round {rounds + 1}.")
            return failed
        rounds += 1
        print(f"{rounds} rounds without a loss.", flush=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
