"""Reads all contacts with Workbill's own client, as its import does, and stores nothing."""

import os

from bench.peers.told import tell
from chalicelib.xero.accounting import Accounting
from chalicelib.xero.transport import Transport

books = Accounting(
    Transport(os.environ["XERO_URL"]),
    access_token=os.environ["ACCESS_TOKEN"],
    organisation_id=os.environ["ORGANISATION"],
)
contacts, number = 0, 1
while True:
    page = books.contacts_page(number)
    contacts += len(page.items)
    if page.is_last:
        break
    number += 1
tell(contacts)
