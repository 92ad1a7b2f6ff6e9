"""Harvest's detailed time report."""

from chalicelib.work.intake.kinds import Field, Kind

HARVEST = Kind(
    code="harvest",
    label="Harvest, detailed time report",
    columns={
        Field.DATE: ("date",),
        Field.CLIENT: ("client",),
        Field.PROJECT: ("project",),
        Field.PROJECT_CODE: ("project code",),
        Field.TASK: ("task",),
        Field.NOTE: ("notes",),
        # What was worked; how time is rounded is said where it is invoiced.
        Field.DURATION: ("hours",),
        Field.FIRST_NAME: ("first name",),
        Field.LAST_NAME: ("last name",),
        Field.BILLABLE: ("billable?",),
        Field.INVOICED: ("invoiced?",),
        Field.CURRENCY: ("currency",),
    },
    told_by=frozenset({"date", "client", "project", "hours", "billable?", "invoiced?"}),
)
