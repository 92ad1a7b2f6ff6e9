"""Every route of the JSON API, with what it declares."""

from chalicelib import doors
from chalicelib.api.routing import API, Operation

OPERATIONS = [
    operation
    for door in doors.blueprints("chalicelib.api")
    if isinstance(door, API)
    for operation in door.operations
]


def place(operation: Operation) -> str:
    """The path after the prefix, with something in place of each parameter."""
    return operation.path.removeprefix("/api/v1").replace("{", "").replace("}", "")


def name(operation: Operation) -> str:
    """How a test of this route is called."""
    return f"{operation.method} {operation.path}"
