"""No function may do what no journey ever needed it to do.

The other half, that nothing needed is missing, is held by the local cloud itself: it
refuses what a policy does not grant, and the journey fails.
"""

import pytest

from local.cloud.dialect import BATCHES

# Granted for what AWS does in the function's name, outside the trail of its own calls.
MADE_BY_AWS = {
    "logs:CreateLogStream": "Lambda writes the function's log under the function's role",
    "logs:PutLogEvents": "Lambda writes the function's log under the function's role",
    "sqs:ReceiveMessage": "Lambda polls the queue for the worker under the worker's role",
    "sqs:DeleteMessage": "Lambda deletes handled messages under the worker's role",
    "sqs:GetQueueAttributes": "Lambda asks for the queue's depth under the worker's role",
    "s3:PutObject": "the browser uploads with a form that the function signed",
}

# A click works at its own job here while it can, and the worker does the rest: which of the two
# makes a call is a matter of milliseconds, so what one used the other may be granted.
SAME_WORK = {"app": {"app", "worker"}, "worker": {"app", "worker"}}


def used_by(stack, function):
    """Return (action, resource) of every call made by those that do this function's work."""
    doers = SAME_WORK.get(function, {function})
    return {(call.action, call.resource) for call in stack.calls.made if call.function in doers}


def granted(stack):
    """Return (function, action, resources) for each action of each statement."""
    iam = stack.client("iam")
    for function in stack.client("lambda").list_functions()["Functions"]:
        name = function["Handler"].removeprefix("app.")
        role = function["Role"].rpartition("/")[2]
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            for statement in document["Statement"]:
                if statement["Effect"] == "Deny":
                    continue
                resources = [in_trail(arn) for arn in as_list(statement["Resource"])]
                # What the local cloud adds in its own words is not in the template.
                for action in set(as_list(statement["Action"])) - set(BATCHES.values()):
                    yield name, action, resources


def in_trail(arn):
    """Return what the trail calls a resource: tables and indexes have names there."""
    return arn.partition(":table/")[2]


def as_list(one_or_more):
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more


@pytest.fixture
def stack_used(journeys_run, request):
    """The stack with all the calls that the journeys of this session led to."""
    incomplete = journeys_run.why_incomplete()
    if incomplete:
        pytest.skip(f"This test {incomplete}.")
    stack = request.getfixturevalue("stack")
    stack.calls.collect(stack)
    return stack


def test_every_granted_action_was_used(stack_used):
    stack = stack_used
    unused = [
        f"{function}: {action} on {' or '.join(filter(None, resources)) or 'its resource'}"
        for function, action, resources in granted(stack)
        if action not in MADE_BY_AWS
        and not any((action, one) in used_by(stack, function) for one in resources)
    ]

    assert not unused, "granted and never used:\n" + "\n".join(sorted(unused))


def test_every_granted_table_and_index_was_used(stack_used):
    unused = {
        f"{function}: {resource}"
        for function, _, resources in granted(stack_used)
        for resource in filter(None, resources)
        if resource not in {one for _, one in used_by(stack_used, function)}
    }

    assert not unused, "granted and never used:\n" + "\n".join(sorted(unused))
