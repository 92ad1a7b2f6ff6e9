"""E-mail on one machine: MiniStack's SES takes it, sends nothing on, and shows what it took.

It forgets what it took when it stops.
"""

import json
import urllib.request
from dataclasses import dataclass

from local.cloud.aws import client
from local.cloud.ministack import ACCOUNT
from local.cloud.options import Options

MAIL_FROM = "workbill@workbill.test"


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that SES took."""

    source: str
    to: list[str]
    subject: str
    text: str
    at: float


def address(options: Options) -> str:
    """Return the address that this copy sends from."""
    return options.env.get("MAIL_FROM") or MAIL_FROM


def verify(sender: str, endpoint: str) -> None:
    """Have SES accept the address as a sender, as an operator does once in AWS."""
    client("ses", endpoint).verify_email_identity(EmailAddress=sender)


def taken(endpoint: str) -> list[Mail]:
    """Return all that SES took since it started, the oldest first."""
    place = f"{endpoint}/_ministack/ses/messages?account={ACCOUNT}"
    with urllib.request.urlopen(place, timeout=60) as answer:  # noqa: S310 - our own address
        found = json.load(answer)["messages"].get(ACCOUNT, [])
    return [
        Mail(one["Source"], one["To"], one["Subject"], one["BodyText"], one["Timestamp"])
        for one in found
    ]
