"""Clients for the local cloud, as its account's owner."""

from typing import Any

import boto3
from botocore.config import Config

from local.cloud.ministack import ACCOUNT, REGION


def client(service: str, endpoint: str, **config: Any) -> Any:
    """Return a boto3 client that can only reach the local cloud at `endpoint`."""
    session: Any = boto3.Session(ACCOUNT, "test", region_name=REGION)
    return session.client(
        service,
        endpoint_url=endpoint,
        config=Config(retries={"mode": "standard", "max_attempts": 2}, **config),
    )
