"""Clients for the local cloud."""

from typing import Any

import boto3
from botocore.config import Config

from local.cloud.ministack import ACCOUNT, REGION

Session = tuple[str, str, str | None]

ANSWER_SECONDS = 150

# MiniStack takes the account's number for its owner's key.
OWNER: Session = (ACCOUNT, "test", None)


def client(service: str, endpoint: str, **config: Any) -> Any:
    """Return a boto3 client of the account's owner, who may do everything."""
    return client_as(OWNER, service, endpoint, **config)


def client_as(who: Session, service: str, endpoint: str, **config: Any) -> Any:
    """Return a boto3 client that can only reach the local cloud at `endpoint`.

    `who` is an access key, its secret, and the token of a role's session. It waits longer than
    any function works, since an invocation asked for twice is done twice.
    """
    session: Any = boto3.Session(*who, region_name=REGION)
    patient = {
        "read_timeout": ANSWER_SECONDS,
        "retries": {"mode": "standard", "max_attempts": 2},
        **config,
    }
    return session.client(service, endpoint_url=endpoint, config=Config(**patient))
