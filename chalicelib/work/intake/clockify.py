"""Clockify's detailed report; days and times are written as the account's settings say."""

from chalicelib.work.intake.kinds import Field, Kind

CLOCKIFY = Kind(
    code="clockify",
    label="Clockify, detailed report",
    columns={
        Field.DATE: ("start date",),
        Field.CLIENT: ("client",),
        Field.PROJECT: ("project",),
        Field.TASK: ("task",),
        Field.NOTE: ("description",),
        # The clock counts seconds; the decimal is rounded.
        Field.DURATION: ("duration (h)", "duration (decimal)"),
        Field.START: ("start time",),
        Field.END: ("end time",),
        Field.END_DATE: ("end date",),
        Field.STAFF: ("user",),
        Field.EMAIL: ("email",),
        Field.BILLABLE: ("billable",),
        Field.INVOICED: ("invoiced",),
        Field.TYPE: ("type",),
    },
    told_by=frozenset({"user", "client", "project", "billable", "start date", "duration (h)"}),
    money=("billable rate", "billable amount", "cost rate", "cost amount"),
    idle=frozenset({"break", "holiday", "time off"}),
)
