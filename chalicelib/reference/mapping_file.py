"""The whole mapping as a file that people can read: names stand beside ids and codes."""

import msgspec

FORMAT = "workbill-mapping"
VERSION = 1
LARGEST = 4_000_000


class AccountNamed(msgspec.Struct, frozen=True):
    """An account by its code."""

    code: str
    name: str = ""


class TaxRateNamed(msgspec.Struct, frozen=True):
    """A tax rate by its type."""

    type: str
    name: str = ""


class OptionNamed(msgspec.Struct, frozen=True):
    """An option of a tracking category, by their names and, in the same books, their ids."""

    category: str
    option: str
    category_id: str = ""
    option_id: str = ""


class CodesNamed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one layer says; what is left out is left to the next."""

    account: AccountNamed | None = None
    tax_rate: TaxRateNamed | None = None
    tracking: tuple[OptionNamed, ...] = ()


class DefaultsNamed(CodesNamed, frozen=True, kw_only=True):
    """The tenant's defaults, and whether what the contact has in Xero counts."""

    contact_tax: bool = False
    contact_account: bool = False


class ClientNamed(CodesNamed, frozen=True, kw_only=True):
    """A client with codes of its own."""

    name: str
    id: str = ""
    contact_id: str = ""


class ProjectNamed(CodesNamed, frozen=True, kw_only=True):
    """A project with codes of its own."""

    name: str
    client: str
    id: str = ""


class TaskNamed(CodesNamed, frozen=True, kw_only=True):
    """A task with codes of its own."""

    name: str
    project: str
    client: str
    id: str = ""


class RateNamed(CodesNamed, frozen=True, kw_only=True):
    """A rate card with codes of its own; ``kind`` is staff, task or material."""

    name: str
    kind: str
    id: str = ""


class MappingFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping; ``organisation`` is whose codes these are, ``exported_at`` when it was made."""

    format: str
    version: int
    organisation: str = ""
    exported_at: str = ""
    defaults: DefaultsNamed = DefaultsNamed()
    clients: tuple[ClientNamed, ...] = ()
    projects: tuple[ProjectNamed, ...] = ()
    tasks: tuple[TaskNamed, ...] = ()
    rates: tuple[RateNamed, ...] = ()
