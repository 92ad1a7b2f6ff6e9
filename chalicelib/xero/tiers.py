"""What an app may use of Xero by its tier (https://developer.xero.com/pricing, March 2026)."""

from dataclasses import dataclass

GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tier:
    """Limits of a tier: calls a day for each organisation, and data out of Xero a month.

    The latter is for all organisations of the app together, None where there is no limit.
    """

    name: str
    calls_a_day: int
    data_a_month: int | None


TIERS = {
    tier.name.lower(): tier
    for tier in (
        Tier("Starter", 1_000, None),
        Tier("Core", 5_000, 10 * GIGABYTE),
        Tier("Plus", 5_000, 50 * GIGABYTE),
        Tier("Advanced", 5_000, 250 * GIGABYTE),
        Tier("Enterprise", 5_000, None),
    )
}
