"""What can be wrong with a file."""

import msgspec

from chalicelib.errors import InvalidInput


class UnusableFile(InvalidInput):
    """The file as a whole cannot be read; nothing of it was taken."""

    code = "unusable_file"


class Refused(msgspec.Struct, frozen=True, array_like=True):
    """A row that cannot be taken; ``line`` is where it begins in the file, from 1."""

    line: int
    reason: str
    cells: tuple[str, ...] = ()
