"""Runs tap-xero's stream of contacts, its lines thrown away.

It has its addresses and its way to a token written in, so both are replaced here; all else is
its own code.
"""

import contextlib
import os
import tempfile
from pathlib import Path

import tap_xero
from singer.catalog import Catalog, CatalogEntry, Schema
from tap_xero import client, streams
from tap_xero.context import Context

from bench.peers.told import tell

STREAM = "contacts"
client.BASE_URL = f"{os.environ['XERO_URL']}/api.xro/2.0"


def with_token(self: client.XeroClient, *_: object) -> None:
    """Take the token that is there, instead of asking Xero's own address for one."""
    self.access_token, self.tenant_id = os.environ["ACCESS_TOKEN"], os.environ["ORGANISATION"]


client.XeroClient.refresh_credentials = with_token
stream = next(one for one in streams.all_streams if one.tap_stream_id == STREAM)
schema = tap_xero.load_schema(STREAM)
metadata = tap_xero.load_metadata(stream, schema)
for entry in metadata:
    entry["metadata"]["selected"] = True
catalog = Catalog(
    [
        CatalogEntry(
            stream=STREAM,
            tap_stream_id=STREAM,
            key_properties=stream.pk_fields,
            schema=Schema.from_dict(schema),
            metadata=metadata,
        )
    ]
)
config = {"start_date": "2000-01-01T00:00:00Z", "include_archived_contacts": True}
with tempfile.TemporaryDirectory() as folder:
    lines = Path(folder) / "lines"
    with lines.open("w") as out, contextlib.redirect_stdout(out):
        tap_xero.sync(Context(config, {}, catalog, str(Path(folder) / "config.json")))
    with lines.open() as written:
        contacts = sum('"type": "RECORD"' in line for line in written)
tell(contacts)
