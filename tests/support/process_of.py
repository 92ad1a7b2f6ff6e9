"""Which process of this machine has a connection open, as the kernel tells."""

from pathlib import Path

LOCAL, REMOTE, INODE = 1, 2, 9
"""Columns of /proc/net/tcp, as proc(5) has them."""


def process_of(port: int, to: int) -> int:
    """The process that is connected from one local port to another; raises LookupError."""
    wanted = f"socket:[{_inode(port, to)}]"
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(one.readlink()) == wanted for one in (process / "fd").iterdir()):
                return int(process.name)
        except OSError:  # It has ended meanwhile, or is somebody else's.
            continue
    raise LookupError(f"No process is connected from port {port}.")


def _inode(port: int, to: int) -> str:
    # One port may serve several connections, if they lead to different places.
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        if (_port(columns[LOCAL]), _port(columns[REMOTE])) == (port, to):
            return columns[INODE]
    raise LookupError(f"Nothing is connected from port {port} to {to}.")


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def environment_of(process: int) -> dict[str, str]:
    """What a process was started with."""
    text = Path(f"/proc/{process}/environ").read_text()
    return dict(part.split("=", 1) for part in text.split("\0") if "=" in part)
