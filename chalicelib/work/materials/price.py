"""What a unit of a material is billed at, and what says so.

A material's own price goes first, then the rate that it names, then its cost with the mark-up.
What is named but states no price for the day and currency is a problem: nothing takes its place.
"""

from chalicelib.work.materials.model import Material
from chalicelib.work.rates.model import Rate
from chalicelib.work.rates.price import Priced, PriceFrom, of_rate


def of_material(material: Material, rate: Rate | None) -> Priced:
    """The price of a unit on its day, in the project's currency; ``rate`` is the one it names."""
    if material.price is not None:
        return Priced(material.price, PriceFrom.MATERIAL, rate.rate_id if rate else "")
    if rate is not None:
        return of_rate(rate, PriceFrom.MATERIAL_RATE, material.currency, material.date)
    if material.marked_up is not None:
        return Priced(material.marked_up, PriceFrom.MATERIAL)
    return Priced(
        None,
        PriceFrom.NONE,
        problem=f"“{material.name}” has no price. Set it, then make the invoice.",
    )
