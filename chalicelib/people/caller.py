"""Who is asking: taken from the session or the API key, never from the request."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.errors import NotAllowed


class Scope(StrEnum):
    """What a caller may do; a role or a key is a set of these."""

    READ = "read"
    WRITE = "write"
    SEND = "send"
    ADMIN = "admin"


EVERYTHING = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a program, acting for exactly one tenant.

    ``actor`` is ``user:<id>``, ``key:<id>`` or ``system:<function>`` and is what the audit trail
    and jobs remember; ``name`` is for people to read; ``source`` is the address it came from.
    """

    tenant_id: str
    actor: str
    name: str
    scopes: frozenset[Scope]
    source: str = ""

    def must_have(self, scope: Scope) -> None:
        """Raise NotAllowed unless the caller has the scope."""
        if scope not in self.scopes:
            raise NotAllowed(f"This needs the right to {scope}, which {self.name} does not have.")
