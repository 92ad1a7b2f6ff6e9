"""The codes that one thing has of its own, as several resources show and take them."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.api import query
from chalicelib.people.caller import Caller, Scope
from chalicelib.reference import choices, mapping
from chalicelib.reference.layers import Codes, Place
from chalicelib.reference.model import Tracking


class TrackingPair(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An option of a tracking category, by the ids of `tracking-categories`; null: none."""

    category_id: str
    option_id: str | None = None


class OwnCodes(msgspec.Struct):
    """Codes of its own; null, and no tracking, leave it to the next layer of the mapping."""

    account_code: str | None
    tax_type: str | None
    tracking: list[TrackingPair]


class OwnCodesChange(msgspec.Struct, forbid_unknown_fields=True):
    """Codes to give a thing, from the imported lists, which needs the scope `admin`."""

    account_code: str | UnsetType | None = UNSET
    tax_type: str | UnsetType | None = UNSET
    tracking: list[TrackingPair] | UnsetType | None = UNSET


def tracking_of(pairs: list[TrackingPair] | None) -> tuple[Tracking, ...]:
    """Tracking as the domain takes it."""
    return tuple(Tracking(pair.category_id, pair.option_id or "") for pair in pairs or ())


def pairs_of(tracking: tuple[Tracking, ...]) -> list[TrackingPair]:
    """Tracking as the API shows it."""
    return [TrackingPair(entry.category_id, entry.option_id or None) for entry in tracking]


def shown(codes: Codes) -> dict[str, Any]:
    """The fields of ``OwnCodes``."""
    return {
        "account_code": codes.account_code or None,
        "tax_type": codes.tax_type or None,
        "tracking": pairs_of(codes.tracking),
    }


def wanted(body: OwnCodesChange, before: Codes) -> Codes:
    """The codes after a change; what is not sent stays."""
    return Codes(
        before.account_code if body.account_code is UNSET else body.account_code or "",
        before.tax_type if body.tax_type is UNSET else body.tax_type or "",
        before.tracking if body.tracking is UNSET else tracking_of(body.tracking),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """Codes that a thing is to have, which may be used; ``changed`` when they are new to it."""

    codes: Codes
    changed: bool

    def keep(self, caller: Caller, place: Place) -> Codes:
        """Give the thing its codes; raises what ``mapping.choose`` raises."""
        return mapping.choose(caller, place, self.codes) if self.changed else self.codes


def judge(caller: Caller, body: OwnCodesChange, place: Place | None = None) -> Judged:
    """What is sent of codes, judged before anything is changed; no place: it is to be made.

    Raises NotAllowed without the right to administer where any would change, and InvalidInput.
    """
    before = choices.load(caller.tenant_id).of(place.kind, place.thing_id) if place else Codes()
    after = wanted(body, before)
    if after != before:
        caller.must_have(Scope.ADMIN)
        mapping.check(caller.tenant_id, after)
    return Judged(after, changed=after != before)


def others(body: OwnCodesChange) -> dict[str, Any]:
    """What is sent beside codes."""
    sent = query.changes(body)
    return {name: sent[name] for name in sent if name not in OwnCodesChange.__struct_fields__}
