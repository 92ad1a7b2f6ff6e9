"""Bringing in a CSV file of time records: a place to post it to, then a job."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.api.jobs import JobView, accepted
from chalicelib.api.routing import API, Answer, Call
from chalicelib.people.caller import Scope
from chalicelib.work import import_time_records, tasks, uploads

api = API(__name__)

Rate = Annotated[str | None, Meta(description="Per hour, for tasks that are not there yet")]


class NewTimeImport(msgspec.Struct, forbid_unknown_fields=True):
    """A file to come, Toggl Track's detailed report as CSV, at most 10 MB."""

    rate: Rate = None


class UploadView(msgspec.Struct):
    """Where to post the file as multipart/form-data, ``fields`` first, then ``file``.

    Good for an hour; the store answers 201.
    """

    url: str
    fields: dict[str, str]


class TimeImportView(msgspec.Struct):
    """An import whose file is to come."""

    import_id: str
    upload: UploadView


@api.post(
    "/imports/time-records",
    scope=Scope.WRITE,
    body=NewTimeImport,
    answer=TimeImportView,
    status=201,
)
def make_time_import(call: Call) -> TimeImportView:
    """Get a place for a CSV file of time records."""
    rate = tasks.clean_rate(call.body.rate)
    upload = uploads.make(call.tenant_id, rate=None if rate is None else f"{rate:f}")
    return TimeImportView(upload.import_id, UploadView(upload.url, upload.fields))


@api.post(
    "/imports/time-records/{import_id}/begin",
    scope=Scope.WRITE,
    body=NewTimeImport,
    answer=JobView,
    status=202,
)
def begin_time_import(call: Call, import_id: str) -> Answer:
    """Bring in the file that was posted; safe to ask again."""
    job = import_time_records.start(call.caller, import_id, new_task_rate=call.body.rate)
    return accepted(job)
