"""Contacts by id, number and name, and how a request finds one."""

from collections.abc import Callable
from datetime import datetime

from local.xero.books import contact_rules
from local.xero.books.errors import NotFound, Problems, Refused
from local.xero.books.records import Record, new_id, replace

_ADDRESSES = ("STREET", "POBOX")
_PHONES = ("DEFAULT", "DDI", "FAX", "MOBILE")
# A request sets these; everything else on a contact is Xero's to say.
_SETTABLE = (
    "Name",
    "ContactNumber",
    "AccountNumber",
    "ContactStatus",
    "FirstName",
    "LastName",
    "CompanyNumber",
    "EmailAddress",
    "BankAccountDetails",
    "TaxNumber",
    "TaxNumberType",
    "AccountsReceivableTaxType",
    "AccountsPayableTaxType",
    "SalesDefaultLineAmountType",
    "PurchasesDefaultLineAmountType",
    "DefaultCurrency",
    "XeroNetworkKey",
    "SalesDefaultAccountCode",
    "PurchasesDefaultAccountCode",
    "PaymentTerms",
)


class Contacts:
    """The contacts of one organisation; names are unique among the active ones."""

    def __init__(self) -> None:
        self.by_id: dict[str, Record] = {}
        self._by_number: dict[str, Record] = {}
        self._active_by_name: dict[str, Record] = {}

    def all(self) -> list[Record]:
        return list(self.by_id.values())

    def get(self, key: str) -> Record:
        """By id or by ContactNumber; raises NotFound."""
        contact = self.by_id.get(key.lower()) or self.numbered(key)
        if contact is None:
            raise NotFound([f"Contact {key} was not found."])
        return contact

    def numbered(self, number: str) -> Record | None:
        return self._by_number.get(number.casefold())

    def named(self, name: str) -> Record | None:
        """The active contact of that name, whatever the case."""
        return self._active_by_name.get(name.casefold())

    def find(self, sent: Record, *, by_name: bool = True) -> Record | None:
        """The contact a request means: by id, else number, else an active one's name.

        Raises Refused for an id that does not exist, or when nothing identifies it.
        """
        if sent.get("ContactID"):
            contact = self.by_id.get(sent["ContactID"].lower())
            if contact is None:
                raise Refused([f"The contact with ContactID {sent['ContactID']} was not found."])
            return contact
        if not sent.get("ContactNumber") and not sent.get("Name"):
            raise Refused([contact_rules.UNIDENTIFIED])
        if sent.get("ContactNumber") and (found := self.numbered(sent["ContactNumber"])):
            return found
        return self.named(sent.get("Name", "")) if by_name else None

    def create(self, sent: Record, now: datetime) -> Record:
        """A new active contact; raises Refused and stores nothing when a rule is broken."""
        contact = blank()
        apply_fields(contact, sent)
        contact.update(ContactID=new_id(), ContactStatus="ACTIVE", UpdatedDateUTC=now)
        self._check(contact)
        return self.store(contact)

    def update(self, contact: Record, sent: Record, now: datetime) -> Record:
        """Changes the fields sent and no others; arrays sent replace their kind."""
        candidate = dict(contact)
        apply_fields(candidate, sent)
        self._check(candidate)
        self.forget(contact)
        replace(contact, {**candidate, "UpdatedDateUTC": now})
        return self.store(contact)

    def store(self, contact: Record) -> Record:
        """Puts a contact in the indexes without checking it."""
        self.by_id[contact["ContactID"]] = contact
        if contact.get("ContactNumber"):
            self._by_number[contact["ContactNumber"].casefold()] = contact
        if contact["ContactStatus"] == "ACTIVE":
            self._active_by_name[contact["Name"].casefold()] = contact
        return contact

    def forget(self, contact: Record) -> None:
        """Takes a contact out of the indexes before its keys change."""
        self._by_number.pop(contact.get("ContactNumber", "").casefold(), None)
        if self._active_by_name.get(contact["Name"].casefold()) is contact:
            del self._active_by_name[contact["Name"].casefold()]

    def plant(self, fields: Record, now: datetime) -> Record:
        """A contact as it may have come in decades ago: any fields, no rule checked."""
        contact = {**blank(), "ContactID": new_id(), "UpdatedDateUTC": now, **fields}
        return self.store(contact)

    def vanish(self, contact: Record) -> None:
        """Takes a contact away for good, as no request can."""
        self.forget(contact)
        del self.by_id[contact["ContactID"]]

    def merge(self, loser: Record, winner: Record) -> None:
        """The loser is archived and points at the winner; neither's UpdatedDateUTC moves."""
        if loser is winner:
            raise Refused(["A contact cannot be merged into itself."])
        self.forget(loser)
        loser.update(ContactStatus="ARCHIVED", MergedToContactID=winner["ContactID"])
        self.store(loser)

    def _check(self, contact: Record) -> None:
        problems = Problems()
        contact_rules.check(contact, problems)
        other = self.named(contact["Name"])
        if contact["ContactStatus"] == "ACTIVE" and other and _differ(other, contact):
            problems.say(contact_rules.NAME_TAKEN.format(name=contact["Name"]))
        other = self.numbered(contact.get("ContactNumber", ""))
        if other and _differ(other, contact):
            number = contact["ContactNumber"]
            problems.say(f"The contact number {number} is already assigned to another contact.")
        problems.refuse_if_any()


def blank() -> Record:
    """A contact with the empty addresses and phones that Xero always shows."""
    return {
        "ContactStatus": "ACTIVE",
        "Name": "",
        "EmailAddress": "",
        "BankAccountDetails": "",
        "Addresses": [_blank_address(kind) for kind in _ADDRESSES],
        "Phones": [_blank_phone(kind) for kind in _PHONES],
        "ContactGroups": [],
        "IsSupplier": False,
        "IsCustomer": False,
        "SalesTrackingCategories": [],
        "PurchasesTrackingCategories": [],
        "ContactPersons": [],
        "HasAttachments": False,
    }


def apply_fields(contact: Record, sent: Record) -> None:
    """Lays the fields of a request over a contact."""
    contact.update({name: sent[name] for name in _SETTABLE if name in sent})
    if "Addresses" in sent:
        contact["Addresses"] = _laid_over(
            contact["Addresses"], sent["Addresses"], "AddressType", _blank_address
        )
    if "Phones" in sent:
        contact["Phones"] = _laid_over(
            contact["Phones"], sent["Phones"], "PhoneType", _blank_phone
        )
    if "ContactPersons" in sent:
        contact["ContactPersons"] = [_person(p) for p in sent["ContactPersons"]]


def _laid_over(
    kept: list[Record], sent: list[Record], key: str, blank_of: Callable[[str], Record]
) -> list[Record]:
    replaced = {item[key]: {**blank_of(item[key]), **item} for item in sent if item.get(key)}
    merged = {item[key]: item for item in kept} | replaced
    return list(merged.values())


def _blank_address(kind: str) -> Record:
    fields = ("City", "Region", "PostalCode", "Country")
    return {"AddressType": kind, **dict.fromkeys(fields, "")}


def _blank_phone(kind: str) -> Record:
    fields = ("PhoneNumber", "PhoneAreaCode", "PhoneCountryCode")
    return {"PhoneType": kind, **dict.fromkeys(fields, "")}


def _person(sent: Record) -> Record:
    return {"IncludeInEmails": False, **sent}


def _differ(one: Record, other: Record) -> bool:
    return bool(one["ContactID"] != other["ContactID"])
