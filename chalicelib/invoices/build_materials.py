"""From materials and expenses to lines: what is the same in all but its day is one line."""

from collections.abc import Callable, Iterable, Mapping

from chalicelib.invoices.build import LONGEST_DESCRIPTION, Terms
from chalicelib.invoices.line import Line, Work
from chalicelib.money import FOUR_PLACES, round_half_up
from chalicelib.work.materials.model import Material
from chalicelib.work.model import Project


def material_lines(
    materials: Iterable[Material],
    projects: Mapping[str, Project],
    terms_of: Callable[[Material], Terms],
) -> tuple[Line, ...]:
    """Lines in the order of project and name; equal materials on equal terms are one line.

    Raises InvalidInput for a material that has no price.
    """
    groups: dict[tuple[object, ...], list[Material]] = {}
    for one in materials:
        key = (one.project_id, one.name, one.unit, one.phase_id, terms_of(one))
        groups.setdefault(key, []).append(one)
    lines = [_line(group, projects, terms_of(group[0])) for group in groups.values()]
    return tuple(sorted(lines, key=lambda line: line.description))


def _line(group: list[Material], projects: Mapping[str, Project], terms: Terms) -> Line:
    first = group[0]
    unit = f", {first.unit}" if first.unit else ""
    label = f"{projects[first.project_id].name}: {first.name}{unit}"
    return Line(
        description=label[:LONGEST_DESCRIPTION],
        quantity=sum((one.quantity for one in group[1:]), first.quantity),
        unit_price=round_half_up(terms.unit_price, FOUR_PLACES),
        account_code=terms.account_code,
        tax_type=terms.tax_type,
        tax_percent=terms.tax_percent,
        tracking=terms.tracking,
        work=Work(
            project_id=first.project_id,
            phase_id=first.phase_id or "",
            group=label,
            materials=len(group),
            material_ids=tuple(one.material_id for one in group),
        ),
    )
