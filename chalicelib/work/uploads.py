"""Files of time records on their way in: straight to the object store, then read once.

The name of the object holds the tenant, and the tenant comes from the caller, so nobody can
name a file of somebody else's.
"""

import re
from dataclasses import dataclass
from typing import Any

from chalicelib import wiring
from chalicelib.errors import Conflict, NotFound
from chalicelib.work.ids import new_id

LARGEST = 10_000_000
CONTENT_TYPE = "text/csv"
VALID_SECONDS = 3600
RATE = "rate"
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
    """A file that has arrived.

    ``etag`` tells this content from any other; ``rate`` is what ``make`` was given.
    """

    content: bytes
    etag: str
    rate: str | None = None


def make(tenant_id: str, *, back_to: str | None = None, rate: str | None = None) -> Upload:
    """A place for one CSV file of at most 10 MB.

    With ``back_to``, a path of ours in which ``{id}`` stands for the import, a browser is sent
    there when the file has arrived; otherwise the store answers 201. ``rate`` travels with the
    file, signed, so that nothing has to be kept for a file that may never come.
    """
    present = wiring.current()
    import_id = new_id()
    fields = {"Content-Type": CONTENT_TYPE}
    if rate:
        fields[f"x-amz-meta-{RATE}"] = rate
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


def read(tenant_id: str, import_id: str, *, etag: str | None = None) -> Arrived:
    """The file of an import.

    Raises NotFound while none has arrived, and Conflict when it is no longer the one that
    ``etag`` names.
    """
    from botocore.exceptions import ClientError

    present = wiring.current()
    if not IMPORT_ID.fullmatch(import_id):
        raise NotFound("There is no such import.")
    same: dict[str, Any] = {"IfMatch": etag} if etag else {}
    try:
        found = present.s3.get_object(
            Bucket=present.settings.uploads_bucket, Key=_key(tenant_id, import_id), **same
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ABSENT:
            raise NotFound("No file has arrived for this import, or it has expired.") from None
        if code in {"PreconditionFailed", "412"}:
            raise Conflict("The file was replaced while it was being read.") from None
        raise
    return Arrived(found["Body"].read(), found["ETag"], found.get("Metadata", {}).get(RATE))


def _key(tenant_id: str, import_id: str) -> str:
    return f"{tenant_id}/time-records/{import_id}.csv"
