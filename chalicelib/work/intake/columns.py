"""Any other file: the columns that a person has matched, and which to propose."""

from collections.abc import Mapping, Sequence

from chalicelib.errors import InvalidInput
from chalicelib.work.ids import same_id
from chalicelib.work.intake.kinds import Field, Kind, plain

CODE = "other"
LENGTHS = (Field.DURATION, Field.MINUTES)
SAME_FOR_ALL = (Field.CLIENT, Field.PROJECT, Field.TASK, Field.STAFF)
"""What a file may leave out because it is the same for all of its rows."""

LABELS = {
    Field.DATE: "Day",
    Field.CLIENT: "Client",
    Field.PROJECT: "Project",
    Field.TASK: "Task",
    Field.DURATION: "Hours",
    Field.MINUTES: "Minutes",
    Field.START: "Start time",
    Field.END: "End time",
    Field.END_DATE: "End day",
    Field.STAFF: "Who",
    Field.EMAIL: "E-mail",
    Field.NOTE: "Note",
    Field.BILLABLE: "Billable",
    Field.INVOICED: "Invoiced elsewhere",
    Field.PROJECT_CODE: "Project code",
    Field.CURRENCY: "Currency",
}
"""What can be matched, as pages call it."""

USUAL = {
    Field.DATE: ("date", "day", "start date", "work date", "entry date", "spent date"),
    Field.CLIENT: ("client", "client name", "customer", "company", "account"),
    Field.PROJECT: ("project", "project name", "job", "matter"),
    Field.TASK: ("task", "task name", "activity", "service", "work type"),
    Field.DURATION: (
        "hours", "duration", "time", "duration (h)", "time (h)", "time (hours)", "hours worked",
        "duration (decimal)",
    ),
    Field.MINUTES: ("minutes", "mins", "duration (minutes)"),
    Field.START: ("start time", "start", "from", "time in"),
    Field.END: ("end time", "end", "to", "finish", "time out"),
    Field.END_DATE: ("end date",),
    Field.STAFF: ("user", "staff", "person", "employee", "name", "team member", "who"),
    Field.EMAIL: ("email", "e-mail", "user email"),
    Field.NOTE: ("description", "notes", "note", "comment", "comments", "details"),
    Field.BILLABLE: ("billable", "billable?", "is billable"),
    Field.INVOICED: ("invoiced", "invoiced?", "billed"),
    Field.PROJECT_CODE: ("project code", "project number"),
    Field.CURRENCY: ("currency",),
}  # fmt: skip


def unique(header: Sequence[str]) -> list[str]:
    """The header's names made different from one another: Note, Note (2), Column 3."""
    names: list[str] = []
    for number, raw in enumerate(header, 1):
        name = stem = " ".join(raw.split()) or f"Column {number}"
        copy = 1
        while plain(name) in map(plain, names):
            copy += 1
            name = f"{stem} ({copy})"
        names.append(name)
    return names


def fingerprint(header: Sequence[str]) -> str:
    """What files with the same columns share, in whatever order."""
    return same_id(*sorted(map(plain, unique(header))))


def proposed(header: Sequence[str]) -> dict[Field, str]:
    """The columns whose names usually mean a field; a person is shown them, not bound."""
    names = {plain(name): name for name in unique(header)}
    found = {
        field: next((names[usual] for usual in usuals if usual in names), None)
        for field, usuals in USUAL.items()
    }
    return {field: name for field, name in found.items() if name}


def kind_of(
    header: Sequence[str], columns: Mapping[str, str], same: Mapping[str, str]
) -> tuple[Kind, dict[Field, str]]:
    """The kind that a person's matching makes, and what is the same for all rows.

    Raises InvalidInput naming ``columns`` for a field or column that is none, for two fields of
    one column, and where day, length, client or project would be missing.
    """
    names = {plain(name): name for name in unique(header)}
    matched = {_field(what): plain(name) for what, name in columns.items() if name}
    given = {_field(what): " ".join(text.split()) for what, text in same.items() if text.strip()}
    for field, name in matched.items():
        if name not in names:
            raise _wrong(f"This file has no column {columns[field]!r}.")
        if list(matched.values()).count(name) > 1:
            raise _wrong(f"The column {names[name]} is matched twice.")
    for field in given:
        if field not in SAME_FOR_ALL:
            raise _wrong(f"{LABELS[field]} cannot be the same for all rows.")
    _enough(set(matched), set(given))
    kind = Kind(
        code=CODE,
        label="Columns as you matched them",
        columns={field: (name,) for field, name in matched.items()},
        unmarked=False,
    )
    return kind, given


def _enough(matched: set[Field], given: set[Field]) -> None:
    if Field.DATE not in matched:
        raise _wrong("Say which column holds the day.")
    if not matched & set(LENGTHS) and not {Field.START, Field.END} <= matched:
        raise _wrong("Say which column holds the hours, or the start and the end time.")
    for field in (Field.CLIENT, Field.PROJECT):
        if field not in matched | given:
            raise _wrong(f"Say which column holds the {field}, or name one for all rows.")


def _field(what: str) -> Field:
    field = next((field for field in LABELS if field == what), None)
    if field is None:
        raise _wrong(f"{what!r} is nothing that a column can hold.")
    return field


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, field="columns")
