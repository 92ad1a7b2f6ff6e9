"""Which currency work is billed in."""

import re

from chalicelib.errors import InvalidInput

CODE = re.compile(r"[A-Z]{3}")


def clean_currency(text: str | None) -> str | None:
    """A currency's three letters, None for none; raises InvalidInput for anything else."""
    if not text or not text.strip():
        return None
    code = text.strip().upper()
    if not CODE.fullmatch(code):
        raise InvalidInput("A currency is three letters, such as NZD.", field="currency")
    return code


def base_currency(tenant_id: str) -> str | None:
    """The currency of the organisation in Xero that the tenant is, or was last, connected to."""
    from chalicelib.connection import store as connections

    return connections.get(tenant_id).base_currency or None
