"""Where what was read of a file is kept between its preview and its end: the object store.

It expires with the file. The tenant is part of every name and comes from the caller; a form that
uploads a file can reach none of these names.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from chalicelib import wiring
from chalicelib.work.uploads import ABSENT

T = TypeVar("T")

LINK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was read of one content of a file with one set of answers."""

    tenant_id: str
    import_id: str
    reading_id: str

    def put(self, name: str, thing: Any) -> None:
        """Keep a thing under a name, in the place of what was there."""
        self.put_bytes(name, msgspec.json.encode(thing), "application/json")

    def put_bytes(self, name: str, body: bytes, content_type: str) -> None:
        """Keep bytes under a name."""
        wiring.current().s3.put_object(**self._place(name), Body=body, ContentType=content_type)

    def get(self, name: str, kind: type[T]) -> T | None:
        """The thing of that name, None where there is none (any more)."""
        from botocore.exceptions import ClientError

        try:
            found = wiring.current().s3.get_object(**self._place(name))
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                return None
            raise
        return msgspec.json.decode(found["Body"].read(), type=kind)

    def link(self, name: str, file_name: str) -> str:
        """Where somebody can fetch a file for five minutes, under this name."""
        address: str = wiring.current().s3.generate_presigned_url(
            "get_object",
            Params={
                **self._place(name),
                "ResponseContentType": "text/csv; charset=utf-8",
                "ResponseContentDisposition": f'attachment; filename="{file_name}"',
            },
            ExpiresIn=LINK_SECONDS,
        )
        return address

    def _place(self, name: str) -> dict[str, str]:
        key = f"readings/{self.tenant_id}/{self.import_id}/{self.reading_id}/{name}"
        return {"Bucket": wiring.current().settings.uploads_bucket, "Key": key}
