"""Why the local cloud could not start, in one sentence for the person at the terminal."""


class CannotStartError(Exception):
    """Something outside the program's reach is missing, taken or refused."""
