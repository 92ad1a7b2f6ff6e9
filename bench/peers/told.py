"""What every peer's script tells at its end: how many contacts it has, and its most memory."""

import json
from pathlib import Path


def tell(contacts: int) -> None:
    """Print the one line that the comparison reads.

    The kernel's own high-water mark is that of this program alone, whatever started it.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    print(json.dumps({"contacts": contacts, "memory": kilobytes * 1024}), flush=True)
