"""The command behind `make bench`: prints the tables; exits non-zero past a limit."""

import sys

from bench import billing, calls, clicks, cold_start
from bench.peers import compare
from bench.stack import CONTACTS, Stack, connected_stack


def main() -> int:
    """Every table, each with its limit."""
    passed = _cold_start()
    passed = _click() and passed
    with connected_stack() as stack:
        whole = _peers(stack)
        print("\nCalls to Xero, counted by the local Xero")
        for row in calls.measure(stack, whole.calls):
            print(f"  {row.name:<52} {row.calls:4d} calls   limit {row.limit:4d}")
            passed = passed and row.calls <= row.limit
        passed = _billing(stack) and passed
    return 0 if passed else 1


def _cold_start() -> bool:
    print(f"Cold start, processor time, median of {cold_start.RUNS} fresh interpreters")
    rows = cold_start.measure()
    for name, seconds, ratio in rows:
        print(f"  {name:<52} {seconds:6.3f} s   x{ratio:4.2f}  (limit x{cold_start.LIMIT})")
    return all(ratio <= cold_start.LIMIT for _, _, ratio in rows)


def _click() -> bool:
    requests = clicks.measure()
    print(f"\nOne click that sends one invoice: {len(requests)} requests, limit {clicks.LIMIT}")
    for one in requests:
        print(f"  {one.operation:<20} {one.items:3d} items   {one.tables}")
    return len(requests) <= clicks.LIMIT


def _billing(stack: Stack) -> bool:
    print("\nBilling on the deployed stack: the worker's most memory, also in what went before")
    rows = billing.measure(stack)
    for row in rows:
        figures = f"{row.records:8,d} records {row.seconds:8.1f} s {row.megabytes:6.0f} MB"
        print(f"  {row.name:<28} {figures}   limit {billing.MOST_MEMORY} MB", flush=True)
    return all(
        row.records == billing.RECORDS and row.megabytes <= billing.MOST_MEMORY for row in rows
    )


def _peers(stack: Stack) -> compare.Row:
    """The comparison, and the first of its rows, which is our own whole import."""
    print(f"\nImporting {CONTACTS:,} contacts from the same local Xero")
    print(f"  {'':<28} contacts  calls       MB  seconds   memory")
    rows = []
    for row in compare.measure(stack):
        figures = f"{row.contacts:8,d} {row.calls:6d} {row.megabytes:8.1f} {row.seconds:8.1f}"
        print(f"  {row.name:<28} {figures} {row.memory:5.0f} MB  {row.does}", flush=True)
        rows.append(row)
    return rows[0]


if __name__ == "__main__":
    sys.exit(main())
