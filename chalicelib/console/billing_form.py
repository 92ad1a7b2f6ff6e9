"""A wish for an invoice of work as the fields of a form, and back.

How much of a fixed price is billed is said in fields named after the project, and after the phase
where a part of the price is its own.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from chalicelib.console.forms import Form, day
from chalicelib.errors import InvalidInput
from chalicelib.invoices.build import Grouping, Per, Rounding, Style
from chalicelib.invoices.model import Basis
from chalicelib.invoices.portions import Portion, Take
from chalicelib.invoices.wanted import Deduct, NewInvoice
from chalicelib.money import parse_decimal

GROUPINGS = (
    (Grouping.TASK, "One line per task"),
    (Grouping.STAFF, "One line per person"),
    (Grouping.PROJECT, "One line per project"),
    (Grouping.PHASE, "One line per phase"),
    (Grouping.DAY, "One line per day"),
    (Grouping.EACH, "One line per time record"),
)
ROUNDINGS = (
    ("0", "As tracked"),
    *((f"{n}:{per.value}", f"Up to {n} min, each {what}") for n in (6, 15, 30)
      for per, what in ((Per.RECORD, "record"), (Per.GROUP, "line"))),
)  # fmt: skip
NOTES = (("yes", "Shown"), ("no", "Left out"))
SAID = {"yes": True, "no": False}
PHASES, NOTHING = "phases", ""
"""A price that is billed by its phases, and a phase of which nothing is."""


def wanted_of(form: Form) -> NewInvoice:
    """What was posted; raises InvalidInput naming the field."""
    basis = Basis(form.get("basis") or Basis.TRACKED_TIME)
    chosen = _named(form, "project_ids")
    return NewInvoice(
        basis=basis,
        client_id=form.get("client_id"),
        project_ids=chosen,
        phase_ids=_named(form, "phase_ids"),
        portions=tuple(_portions(form, chosen)) if basis is Basis.PROJECT else (),
        materials=basis is not Basis.PROJECT or form.get("materials") == "yes",
        start=day(form.get("start"), "start"),
        end=day(form.get("end"), "end"),
        **style_of(form),
        deduct=deductions(form),
        reference=form.get("reference"),
        seen=int(form.get("seen")) if form.get("seen").isdecimal() else None,
    )


def fields_of(wanted: NewInvoice) -> list[tuple[str, str]]:
    """The fields that would say the same; ``wanted_of`` reads them back."""
    found = [("basis", wanted.basis.value), ("client_id", wanted.client_id)]
    found += [("project_ids", one) for one in wanted.project_ids]
    found += [("phase_ids", one) for one in wanted.phase_ids]
    for one in wanted.portions:
        if one.phase_id:
            found.append((take_field(one.project_id), PHASES))
        found.append((take_field(one.project_id, one.phase_id), one.take.value))
        if one.value is not None:
            found.append((value_field(one.project_id, one.phase_id), f"{one.value:f}"))
    texts = {
        "materials": "yes" if wanted.materials else "",
        "start": wanted.start.isoformat() if wanted.start else "",
        "end": wanted.end.isoformat() if wanted.end else "",
        **style_fields(wanted.style),
        "reference": wanted.reference,
    }
    found += [(name, text) for name, text in texts.items() if text]
    for off in wanted.deduct:
        found.append(("deduct", off.deposit_id))
        if off.amount is not None:
            found.append((off_field(off.deposit_id), f"{off.amount:f}"))
    return found


def style_of(form: Form) -> dict[str, Any]:
    """How time becomes lines: grouping, rounding and notes; raises InvalidInput."""
    return {
        "grouping": _grouping(form.get("grouping") or Grouping.TASK),
        "rounding": _rounding(form.get("rounding")),
        "notes": SAID.get(form.get("notes")),
    }


def style_fields(style: Style) -> dict[str, str]:
    """The fields that would say the same; ``style_of`` reads them back."""
    rounding = style.rounding
    return {
        "grouping": style.grouping.value,
        "rounding": f"{rounding.minutes}:{rounding.per.value}" if rounding.minutes else "",
        "notes": {True: "yes", False: "no", None: ""}[style.notes],
    }


def deductions(form: Form) -> tuple[Deduct, ...]:
    """The deposits that are ticked, each with its amount, or as much of it as fits."""
    return tuple(
        Deduct(one, _amount(form.get(off_field(one)), "deduct")) for one in _named(form, "deduct")
    )


def take_field(project_id: str, phase_id: str = "") -> str:
    """Where a form says how much of a price is billed."""
    return f"take:{project_id}:{phase_id}"


def value_field(project_id: str, phase_id: str = "") -> str:
    """Where it says the percentage or the amount."""
    return f"value:{project_id}:{phase_id}"


def off_field(deposit_id: str) -> str:
    """Where it says how much of a deposit is taken off."""
    return f"off:{deposit_id}"


def _portions(form: Form, chosen: tuple[str, ...]) -> Iterator[Portion]:
    """The parts of prices that are more than "what is left", which needs no saying."""
    for name, text in form.values().items():
        kind, _, place = name.partition(":")
        project_id, _, phase_id = place.partition(":")
        if kind != "take" or (chosen and project_id not in chosen):
            continue
        by_phase = form.get(take_field(project_id)) == PHASES
        if by_phase and not phase_id and not _phases_of(form, project_id):
            sentence = "Say which phases to bill, or how much of the whole price."
            raise InvalidInput(sentence, field="portions")
        if by_phase is not bool(phase_id) or text in {NOTHING, PHASES}:
            continue
        take = _take(text)
        if phase_id or take is not Take.REST:
            value = form.get(value_field(project_id, phase_id))
            parted = take in {Take.PERCENT, Take.AMOUNT}
            yield Portion(project_id, phase_id, take, _part(value, take) if parted else None)


def _phases_of(form: Form, project_id: str) -> list[str]:
    start = take_field(project_id)
    fields = form.values().items()
    return [name for name, text in fields if text and name.startswith(start) and name != start]


def _part(text: str, take: Take) -> Decimal | None:
    if not text:
        what = "percentage" if take is Take.PERCENT else "amount"
        raise InvalidInput(f"Say which {what} of the price to bill.", field="portions")
    return _amount(text.removesuffix("%"), "portions")


def _amount(text: str, field: str) -> Decimal | None:
    return parse_decimal(text.replace(",", "").strip(), field=field) if text else None


def _named(form: Form, field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, form.all(field))))


def _take(text: str) -> Take:
    if text not in set(Take):
        raise InvalidInput("Choose how much of the price to bill.", field="portions")
    return Take(text)


def _grouping(text: str) -> Grouping:
    if text not in set(Grouping):
        raise InvalidInput("Choose how time becomes lines.", field="grouping")
    return Grouping(text)


def _rounding(text: str) -> Rounding:
    if text not in {"", *(value for value, _ in ROUNDINGS)}:
        raise InvalidInput("Choose how time is rounded.", field="rounding")
    minutes, _, per = text.partition(":")
    return Rounding(int(minutes), Per(per)) if per else Rounding()
