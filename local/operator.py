"""What an operator does with a deployed Workbill: invoke the function that makes a tenant."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

OUTPUT = "MakeTenantName"


class OperatorError(Exception):
    """It could not be done; the message is a sentence for the operator."""


def make_tenant(
    client_of: Callable[[str], Any], stack: str, *, name: str, email: str
) -> dict[str, str]:
    """Return ``tenant_id`` and the one-time ``link`` of a new tenant of the stack.

    ``client_of`` gives a boto3 client of the AWS service named. Raises OperatorError.
    """
    event = json.dumps({"name": name, "email": email})
    try:
        function = _output(client_of("cloudformation"), stack)
        answer = client_of("lambda").invoke(FunctionName=function, Payload=event.encode())
        said: dict[str, str] = json.load(answer["Payload"])
    except (BotoCoreError, ClientError) as error:
        raise OperatorError(f"AWS did not do it: {error}") from error
    if "FunctionError" in answer:
        raise OperatorError(said.get("errorMessage") or "The function failed; see its log.")
    return said


def _output(cloudformation: Any, stack: str) -> str:
    outputs = cloudformation.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
    for output in outputs:
        if output["OutputKey"] == OUTPUT:
            return str(output["OutputValue"])
    raise OperatorError(f"The stack {stack} has no output {OUTPUT}; is it Workbill?")
