"""Promise 10: the trail of the deployed stack is exported, signed, and held to its key."""

import pytest
import requests
from botocore.exceptions import ClientError

from local.audit_verify import Fault, verify
from local.cloud.aws import client_as
from local.demo.program import Program, RefusedError
from tests.support.calls import session_of


@pytest.fixture(scope="module")
def program(connected):
    return connected.program


@pytest.fixture(scope="module")
def exported(program, tmp_path_factory):
    """The path of the demo tenant's exported trail, and its address here."""
    job = program.finished(program.post("/audit/exports"))
    export = program.get(f"/audit/exports/{job['id']}")
    file = tmp_path_factory.mktemp("audit") / "export.jsonl"
    file.write_bytes(requests.get(export["url"], timeout=60).content)
    return file, export


def key_of(demo):
    answer = requests.get(
        f"{demo['base_url']}/api/v1/audit/public-key",
        headers={"Authorization": f"Bearer {demo['api_key']}"},
        timeout=60,
    )
    assert answer.headers["Content-Type"] == "application/x-pem-file"
    return answer.text


def test_an_export_is_intact_by_the_deployments_key(exported, demo):
    file, export = exported

    found = verify(file, key_of(demo))

    assert found.tenant_id == demo["tenant_id"]
    assert found.count == export["entries"]


def test_an_export_of_a_running_stack_that_was_changed_is_found(exported, demo, tmp_path):
    file, _ = exported
    other = tmp_path / "changed.jsonl"
    other.write_bytes(file.read_bytes().replace(b'"connect"', b'"connecT"', 1))

    with pytest.raises(Fault):
        verify(other, key_of(demo))


def test_what_was_done_is_in_the_trail_with_its_outcome(program):
    entries = program.all("/audit")
    seen = {(entry["what"], entry["result"]) for entry in entries}

    assert {("connect", "done"), ("sign-in", "done"), ("mapping changed", "done")} <= seen
    assert {("import", "asked"), ("import", "done"), ("api-key made", "done")} <= seen
    assert [e["number"] for e in entries] == sorted((e["number"] for e in entries), reverse=True)
    assert all(e["sentence"] for e in entries)


def test_an_export_is_its_own_tenants(exported, stranger):
    other = Program(stranger["base_url"], stranger["api_key"])

    with pytest.raises(RefusedError, match="404"):
        other.get(f"/audit/exports/{exported[1]['id']}")


@pytest.mark.parametrize("name", ["app", "worker", "make_tenant"])
def test_no_function_may_change_the_trail(stack, exported, name):
    assert exported
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.function(name)
    )
    table = function["Environment"]["Variables"]["AUDIT_TABLE"]
    database = client_as(session_of(stack, name), "dynamodb", stack.cloud_url)
    place = {"pk": {"S": "anybody"}, "sk": {"S": "000000000001"}}
    delete = {table: [{"DeleteRequest": {"Key": place}}]}

    for act in (
        lambda: database.update_item(TableName=table, Key=place),
        lambda: database.delete_item(TableName=table, Key=place),
        lambda: database.batch_write_item(RequestItems=delete),
    ):
        with pytest.raises(ClientError) as refused:
            act()
        assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
