"""Files of time records on their way in: straight to the object store, then read once.

The name of the object holds the tenant, and the tenant comes from the caller, so nobody can
name a file of somebody else's.
"""

import io
import re
from dataclasses import dataclass
from typing import Any

from chalicelib import wiring
from chalicelib.errors import Conflict, NotFound
from chalicelib.work.ids import new_id

LARGEST = 10_000_000
CONTENT_TYPE = "text/csv"
VALID_SECONDS = 3600
IMPORT_ID = re.compile(r"[0-9a-z]{26}")
ABSENT = {"NoSuchKey", "AccessDenied", "404", "403"}
"""Without the right to list, S3 calls a missing object forbidden."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Where to post a file, and the fields to send before it; good for an hour."""

    import_id: str
    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that has arrived; ``etag`` tells this content from any other, ``size`` is bytes."""

    etag: str
    size: int


def make(tenant_id: str, *, back_to: str | None = None) -> Upload:
    """A place for one CSV file of at most 10 MB.

    With ``back_to``, a path of ours in which ``{id}`` stands for the import, a browser is sent
    there when the file has arrived; otherwise the store answers 201.
    """
    present = wiring.current()
    import_id = new_id()
    fields = {"Content-Type": CONTENT_TYPE}
    if back_to:
        address = present.settings.public_base_url + back_to.format(id=import_id)
        fields["success_action_redirect"] = address
    else:
        fields["success_action_status"] = "201"
    signed = present.s3.generate_presigned_post(
        Bucket=present.settings.uploads_bucket,
        Key=_key(tenant_id, import_id),
        Fields=dict(fields),
        Conditions=[
            *({name: value} for name, value in fields.items()),
            ["content-length-range", 1, LARGEST],
        ],
        ExpiresIn=VALID_SECONDS,
    )
    return Upload(import_id, signed["url"], signed["fields"])


def arrived(tenant_id: str, import_id: str) -> Arrived:
    """What has arrived; raises NotFound while nothing has."""
    found = _get(tenant_id, import_id, Range="bytes=0-0")
    found["Body"].close()
    return Arrived(found["ETag"], int(found["ContentRange"].rpartition("/")[2]))


def open_at(tenant_id: str, import_id: str, etag: str, offset: int) -> Any:
    """The bytes of a file from an offset on, as a stream; empty at its end.

    Raises NotFound when the file is gone, and Conflict when it is no longer the one that
    ``etag`` names.
    """
    return _get(tenant_id, import_id, IfMatch=etag, Range=f"bytes={offset}-")["Body"]


def _get(tenant_id: str, import_id: str, **options: Any) -> Any:
    from botocore.exceptions import ClientError

    present = wiring.current()
    if not IMPORT_ID.fullmatch(import_id):
        raise NotFound("There is no such import.")
    try:
        return present.s3.get_object(
            Bucket=present.settings.uploads_bucket, Key=_key(tenant_id, import_id), **options
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ABSENT:
            raise NotFound("No file has arrived for this import, or it has expired.") from None
        if code in {"PreconditionFailed", "412"}:
            raise Conflict("The file was replaced while it was being read.") from None
        if code in {"InvalidRange", "416"}:
            return {"Body": io.BytesIO()}
        raise


def _key(tenant_id: str, import_id: str) -> str:
    return f"{tenant_id}/time-records/{import_id}.csv"
