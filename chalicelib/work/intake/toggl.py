"""Toggl Track's detailed report."""

from chalicelib.work.intake.kinds import Field, Kind

TOGGL = Kind(
    code="toggl",
    label="Toggl Track, detailed report",
    columns={
        Field.DATE: ("start date",),
        Field.CLIENT: ("client",),
        Field.PROJECT: ("project",),
        Field.TASK: ("task",),
        Field.NOTE: ("description",),
        Field.DURATION: ("duration",),
        Field.START: ("start time",),
        Field.END: ("end time",),
        Field.END_DATE: ("end date",),
        Field.STAFF: ("user",),
        Field.EMAIL: ("email",),
        Field.BILLABLE: ("billable",),
    },
    told_by=frozenset({"user", "client", "project", "billable", "start date", "duration"}),
    money=("amount",),
)
