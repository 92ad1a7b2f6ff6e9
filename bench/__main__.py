"""The command behind `make bench`: prints the tables; exits non-zero past a limit."""

import sys

from bench import calls, cold_start


def main() -> int:
    """Every table, each with its limit."""
    passed = True
    print(f"Cold start, processor time, median of {cold_start.RUNS} fresh interpreters")
    for name, seconds, ratio in cold_start.measure():
        print(f"  {name:<52} {seconds:6.3f} s   x{ratio:4.2f}  (limit x{cold_start.LIMIT})")
        passed = passed and ratio <= cold_start.LIMIT
    print("\nCalls to Xero, counted by the local Xero")
    for row in calls.measure():
        print(f"  {row.name:<52} {row.calls:4d} calls   limit {row.limit:4d}")
        passed = passed and row.calls <= row.limit
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
