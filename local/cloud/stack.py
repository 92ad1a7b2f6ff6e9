"""Creates the stack from a packaged template, or brings an older one up to it."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.cloud import binary_types
from local.cloud.aws import client
from local.cloud.dialect import spoken
from local.cloud.errors import CannotStartError

NAME = "workbill"
ARTEFACTS = "workbill-artefacts"
NEVER_COMPLETE = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is complete: its outputs, and where its API answers."""

    outputs: Mapping[str, str]
    api_url: str


def put(template_file: Path, parameters: Mapping[str, str], endpoint: str) -> Stack:
    """Make the stack as the template says, keeping its data; no change is fine.

    Parameters that the template does not declare are left out. Raises CannotStartError
    with the first failing resource and its reason.
    """
    template = json.loads(template_file.read_text())
    s3 = client("s3", endpoint)
    s3.create_bucket(Bucket=ARTEFACTS)
    cloudformation = client("cloudformation", endpoint)
    _create_or_update(
        cloudformation,
        StackName=NAME,
        # Too long to send along: 51,200 bytes at most, against 1 MB through S3.
        TemplateURL=_store(s3, endpoint, spoken(_upload(template, template_file.parent, s3))),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in parameters.items()
            if name in template.get("Parameters", {})
        ],
        Capabilities=CAPABILITIES,
    )
    outputs = _outputs_when_complete(cloudformation)
    api = template["Resources"]["RestAPI"]["Properties"]
    binary_types.set_from_definition(outputs["RestAPIId"], api["DefinitionBody"], endpoint)
    address = f"{endpoint}/restapis/{outputs['RestAPIId']}/{api['StageName']}/_user_request_"
    return Stack(outputs, address)


def _upload(tree: Any, folder: Path, s3: Any) -> Any:
    """Replace each `./file.zip` by the S3 address of its content."""
    if isinstance(tree, dict):
        return {key: _upload(value, folder, s3) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_upload(value, folder, s3) for value in tree]
    if isinstance(tree, str) and tree.startswith("./") and tree.endswith(".zip"):
        content = (folder / tree).read_bytes()
        key = f"{hashlib.sha256(content).hexdigest()[:32]}.zip"
        s3.put_object(Bucket=ARTEFACTS, Key=key, Body=content)
        return f"s3://{ARTEFACTS}/{key}"
    return tree


def _store(s3: Any, endpoint: str, template: Any) -> str:
    s3.put_object(Bucket=ARTEFACTS, Key="template.json", Body=json.dumps(template).encode())
    return f"{endpoint}/{ARTEFACTS}/template.json"


def _create_or_update(cloudformation: Any, **stack: Any) -> None:
    try:
        known = _known(cloudformation)
        if known and known["StackStatus"] in NEVER_COMPLETE:
            # CloudFormation updates only what was complete once; there is no data yet.
            cloudformation.delete_stack(StackName=NAME)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=NAME)
            known = None
        if known is None:
            cloudformation.create_stack(**stack)
        else:
            cloudformation.update_stack(**stack)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            reason = _shortened(error.response["Error"].get("Message", str(error)))
            raise CannotStartError(f"CloudFormation refused the template: {reason}") from error


def _shortened(reason: str) -> str:
    """Keep what begins and ends a reason; the middle may quote a whole template."""
    return reason if len(reason) <= 500 else f"{reason[:200]} … {reason[-300:]}"


def _known(cloudformation: Any) -> Any:
    """Return what CloudFormation knows of the stack, or None when there is none."""
    try:
        return cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _outputs_when_complete(cloudformation: Any, seconds: float = 120) -> dict[str, str]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        stack = _known(cloudformation)
        if stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            raise CannotStartError(
                f"The stack ended as {stack['StackStatus']}: {_failure(cloudformation, stack)}"
            )
        time.sleep(0.1)
    raise CannotStartError(f"The stack was not complete after {seconds:.0f} s.")


def _failure(cloudformation: Any, stack: Mapping[str, Any]) -> str:
    """Name the resource that failed first and why; the rest only followed from it."""
    events = cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
    failed = [e for e in events if e["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return str(stack.get("StackStatusReason", "no reason given"))
    first = min(failed, key=lambda event: event["Timestamp"])
    reason = first.get("ResourceStatusReason", "no reason given")
    return f"{first['LogicalResourceId']} ({first['ResourceType']}): {reason}"
