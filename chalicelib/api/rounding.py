"""How the JSON API says in which steps time is billed."""

import msgspec

from chalicelib.invoices.build import Per, Rounding


class NewRounding(msgspec.Struct, forbid_unknown_fields=True):
    """Time in whole steps of 6, 15 or 30 minutes, per record or per group; 0 is as tracked."""

    minutes: int = 0
    per: Per = Per.RECORD


class RoundingView(msgspec.Struct):
    """Steps in which time is billed, a begun one as a whole; 0 minutes is as tracked."""

    minutes: int
    per: Per


def rounding_of(asked: NewRounding) -> Rounding:
    """The steps as the domain takes them."""
    return Rounding(asked.minutes, asked.per)
