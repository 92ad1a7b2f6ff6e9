"""`make tenant`: make a tenant and print the one-time link for its first administrator.

By default in the Workbill that runs on this machine; with --stack in AWS, by the credentials
and region that the AWS tools of this machine use.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from local.cloud.aws import client
from local.cloud.lifecycle import READY
from local.cloud.options import Options
from local.cloud.stack import NAME
from local.operator import OperatorError, make_tenant


def main() -> int:
    """Return the exit code: 0 when the link was printed."""
    parser = argparse.ArgumentParser(prog="make tenant", description=__doc__)
    parser.add_argument("--name", required=True, help="the company's name")
    parser.add_argument("--email", required=True, help="its first administrator's address")
    parser.add_argument("--stack", help="the stack's name in AWS")
    asked = parser.parse_args()
    try:
        made = _make(asked.name, asked.email, asked.stack)
    except OperatorError as error:
        print(error, file=sys.stderr)
        return 1
    told = "It was e-mailed" if made["mail"] == "sent" else "Give this link"
    print(f"Tenant {made['tenant_id']} is made. {told} to {asked.email};")
    print("it works once, for 72 hours:")
    print(f"\n  {made['link']}\n")
    return 0


def _make(name: str, email: str, stack: str | None) -> dict[str, str]:
    if stack is None:
        here = partial(client, endpoint=cloud_here(os.environ))
        return make_tenant(here, NAME, name=name, email=email)
    import boto3

    aws: Any = boto3.client
    return make_tenant(aws, stack, name=name, email=email)


def cloud_here(env: Mapping[str, str]) -> str:
    """Return where the local cloud of the running copy is; raises OperatorError."""
    ready = Options.from_env(env).home / READY
    try:
        return str(json.loads(ready.read_text())["cloud_url"])
    except FileNotFoundError:
        raise OperatorError("Workbill does not run here: start it by `make run`.") from None


if __name__ == "__main__":
    sys.exit(main())
