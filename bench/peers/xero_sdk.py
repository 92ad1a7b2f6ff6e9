"""Reads all contacts with Xero's own SDK for Python, in the largest pages that it asks for."""

import os

from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token

from bench.peers.told import tell

PAGE = 1000
token = {
    "access_token": os.environ["ACCESS_TOKEN"],
    "expires_in": 1800,
    "token_type": "Bearer",
    "refresh_token": "never used",
    "scope": ["accounting.contacts"],
}
client = ApiClient(
    Configuration(oauth2_token=OAuth2Token(client_id="bench", client_secret="bench")),  # noqa: S106  none
    oauth2_token_getter=lambda: token,
    oauth2_token_saver=lambda _: None,
)
api = AccountingApi(client, base_url=f"{os.environ['XERO_URL']}/api.xro/2.0")
contacts, number = 0, 1
while True:
    answer = api.get_contacts(
        os.environ["ORGANISATION"], page=number, page_size=PAGE, include_archived=True
    )
    contacts += len(answer.contacts)
    if len(answer.contacts) < PAGE:
        break
    number += 1
tell(contacts)
