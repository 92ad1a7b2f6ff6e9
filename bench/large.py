"""The import of 100,000 contacts, held against the limits of a Lambda function.

Part of `make soak`: it takes minutes, since only so many calls fit into each minute.
``IMPORT_CONTACTS`` makes it smaller.
"""

import os
import sys
import time

from bench.peers.compare import CONTACTS_PATH
from bench.stack import Stack, connected_stack

CONTACTS = int(os.environ.get("IMPORT_CONTACTS", "100000"))
PAGE = 1_000
PATIENCE = 3600
LONGEST_RUN = 60.0
"""Seconds after which AWS ends the worker."""

MEMORY = 256 << 20


def main() -> int:
    """Nought when every limit was kept."""
    with connected_stack(CONTACTS) as stack:
        return 0 if _import(stack) else 1


def _import(stack: Stack) -> bool:
    program, before, began = stack.journey.program, stack.last_call(), time.time()
    job = program.finished(program.post("/imports/clients"), seconds=PATIENCE)
    seconds = time.time() - began
    counts = job["progress"]
    runs = stack.runs_since("worker", began)
    calls = len(stack.calls_since(before, CONTACTS_PATH))
    memory = stack.most_memory("worker")
    print(
        f"{counts['done']:,} contacts, {counts['created']:,} clients made, in {seconds:.0f} s: "
        f"{calls} calls (limit {CONTACTS // PAGE}), {len(runs)} runs of the worker, "
        f"the longest {max(runs):.1f} s (limit {LONGEST_RUN:.0f} s), "
        f"at most {memory >> 20} MiB (limit {MEMORY >> 20} MiB)"
    )
    return (
        counts["done"] >= CONTACTS
        and calls == CONTACTS // PAGE
        and len(runs) > 1
        and max(runs) < LONGEST_RUN
        and memory <= MEMORY
    )


if __name__ == "__main__":
    sys.exit(main())
