"""Promise 6: what is one tenant's does not exist for another."""

import pytest

from local.demo.program import Program, RefusedError
from tests.support.work import draft


@pytest.fixture(scope="module")
def ours(connected):
    """Ids of everything that the connected tenant has one of."""
    program = connected.program
    invoice = draft(program)
    job = program.get("/jobs")["items"][0]
    record = program.get("/time-records", limit="1")["items"][0]
    return {
        "/clients": invoice["client_id"],
        "/projects": record["project_id"],
        "/tasks": record["task_id"],
        "/time-records": record["id"],
        "/invoices": invoice["id"],
        "/jobs": job["id"],
    }


@pytest.mark.parametrize(
    "path", ["/clients", "/projects", "/tasks", "/time-records", "/invoices", "/jobs"]
)
def test_anothers_id_does_not_exist(ours, stranger, path):
    program = Program(stranger["base_url"], stranger["api_key"])

    with pytest.raises(RefusedError, match="404") as refused:
        program.get(f"{path}/{ours[path]}")

    assert '"code":"not_found"' in str(refused.value)


@pytest.mark.parametrize("act", ["send", "sync", "preview", "void"])
def test_anothers_invoice_cannot_be_acted_on(ours, stranger, act):
    program = Program(stranger["base_url"], stranger["api_key"])

    with pytest.raises(RefusedError, match=r"404|409 .*not_connected"):
        program.post(
            f"/invoices/{ours['/invoices']}/{act}", {"reason": "x"} if act == "void" else {}
        )


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("path", ["/clients", "/projects", "/invoices", "/accounts", "/jobs"])
def test_a_new_tenants_lists_are_empty(stranger, path):
    assert Program(stranger["base_url"], stranger["api_key"]).all(path) == []


def test_a_key_that_is_none_opens_nothing(demo):
    with pytest.raises(RefusedError, match="401"):
        Program(demo["base_url"], "wb_not-a-key").get("/clients")
