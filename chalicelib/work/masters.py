"""Which side has the say in each field of a client that is linked to a contact in Xero.

One table: an import takes what is Xero's, a change here of such a field is refused, and the page
shows it. Nothing of a contact is ever changed in Xero by Workbill.
"""

from dataclasses import dataclass
from enum import StrEnum


class Master(StrEnum):
    """Who has the say; ``XERO_FIRST`` is Xero where it says anything, else Workbill."""

    XERO = "xero"
    XERO_FIRST = "xero_first"
    WORKBILL = "workbill"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a client, what it is called in Xero, and who has the say."""

    name: str
    label: str
    in_xero: str
    master: Master
    detail: bool = False
    words: str = ""


FIELDS = (
    Field("name", "Name", "Contact name", Master.XERO),
    Field("first_name", "First name", "Primary person", Master.XERO, detail=True),
    Field("last_name", "Last name", "Primary person", Master.XERO, detail=True),
    Field("email", "E-mail", "Primary person's e-mail", Master.XERO),
    Field("persons", "Persons", "Additional people", Master.XERO, detail=True),
    Field(
        "addresses",
        "Addresses",
        "Billing (POBOX) and delivery (STREET) address",
        Master.XERO,
        detail=True,
    ),
    Field("phones", "Phones", "Phone numbers", Master.XERO, detail=True),
    Field("tax_number", "Tax number", "Tax number", Master.XERO, detail=True),
    Field("account_number", "Account number", "Account number", Master.XERO, detail=True),
    Field("company_number", "Company number", "Business number", Master.XERO, detail=True),
    Field(
        "contact_number",
        "Contact number",
        "Contact code",
        Master.XERO,
        detail=True,
        words="Set once, on contacts that Workbill makes; what another app set is kept.",
    ),
    Field("payment_terms", "Payment terms", "Invoice due date", Master.XERO, detail=True),
    Field("currency", "Currency", "Default currency", Master.XERO_FIRST),
    Field("account_code", "Sales account", "Default sales account", Master.XERO),
    Field("tax_type", "Tax rate", "Default sales tax", Master.XERO),
    Field(
        "archived",
        "Archived",
        "Status",
        Master.XERO_FIRST,
        words="A contact archived in Xero archives its client; either can be brought back here.",
    ),
)

TAKEN = tuple(field.name for field in FIELDS if not field.detail and field.name != "archived")
"""What an import takes beside the details as a whole."""

TAKEN_WHERE_SAID = frozenset(
    field.name for field in FIELDS if field.master is Master.XERO_FIRST
) - {"archived"}
"""Of these, what an empty field in Xero leaves as it is here."""

ONLY_IN_XERO = {field.name: field for field in FIELDS if field.master is Master.XERO}
"""What cannot be changed here while the client is linked."""
