"""Clients for the local cloud, as its account's owner."""

from typing import Any

import boto3
from botocore.config import Config

from local.cloud.ministack import ACCOUNT, REGION


def client(service: str, endpoint: str) -> Any:
    """Return a boto3 client that can only reach the local cloud at `endpoint`."""
    session = boto3.Session(
        aws_access_key_id=ACCOUNT, aws_secret_access_key="test", region_name=REGION
    )
    return session.client(
        service,
        endpoint_url=endpoint,
        config=Config(retries={"mode": "standard", "max_attempts": 2}),
    )
