import json
from pathlib import Path

import pytest

FILES = Path(__file__).parents[1] / "work" / "intake" / "files"
HERE = "/imports/time-records"


def answer(response):
    return response.status_code, json.loads(response.body) if response.body else None


@pytest.fixture
def post(acme, aws):
    """Makes an import and stores its file; answers with its address."""

    def made(content: bytes, answers=None) -> str:
        status, given = answer(acme.call("POST", HERE, answers or {}))
        assert status == 201
        key = given["upload"]["fields"]["key"]
        aws.wiring.s3.put_object(Bucket="test-uploads", Key=key, Body=content)
        return f"{HERE}/{given['import_id']}"

    return made


def test_a_file_is_posted_then_brought_in(acme, post):
    address = post((FILES / "toggl_detailed.csv").read_bytes(), {"rate": "120.00"})
    status, job = answer(acme.call("POST", f"{address}/begin"))
    assert (status, job["state"], job["progress"]["created"]) == (202, "done", 4)
    project = answer(acme.call("GET", "/projects"))[1]["items"][0]
    listed = answer(acme.call("GET", f"/tasks?project_id={project['id']}"))[1]["items"]
    assert {task["rate"] for task in listed} == {"120.0000"}


def test_an_import_is_not_there_before_its_file(acme, post):
    given = answer(acme.call("POST", HERE))[1]
    address = f"{HERE}/{given['import_id']}"
    assert acme.call("POST", f"{address}/begin").status_code == 404
    assert acme.call("GET", address).status_code == 404
    assert answer(acme.call("GET", post(b"x,y")))[1]["state"] == "waiting"


def test_a_place_for_a_file_is_bound_to_its_tenant_and_size(acme):
    upload = answer(acme.call("POST", HERE))[1]["upload"]
    assert upload["fields"]["key"].startswith(f"{acme.tenant_id}/")
    assert acme.call("POST", HERE, {"rate": "-5"}).status_code == 400
    assert acme.call("POST", HERE, {"date_order": "backwards"}).status_code == 400


def test_a_look_says_what_would_come_and_the_begin_does_just_that(acme, post):
    address = post((FILES / "harvest_detailed.csv").read_bytes())
    state = answer(acme.call("POST", f"{address}/look"))[1]
    assert state["state"] == "ready"
    preview = state["preview"]
    assert (preview["kind"], preview["records"], preview["minutes"]) == ("harvest", 3, 230)
    assert (preview["invoiced"], preview["billable_minutes"]) == (1, 90)
    assert [client["state"] for client in preview["clients"]] == ["new", "new"]
    app = preview["clients"][0]["projects"][0]
    assert (app["name"], app["currency"], app["minutes"]) == ("Listener app", "NZD", 110)
    assert answer(acme.call("GET", "/clients"))[1]["items"] == []
    assert answer(acme.call("GET", address))[1] == state
    assert answer(acme.call("POST", f"{address}/begin"))[1]["progress"]["created"] == 3
    assert answer(acme.call("GET", address))[1]["state"] == "taken"
    listed = answer(acme.call("GET", "/time-records"))[1]["items"]
    assert sorted(record["billed_elsewhere"] for record in listed) == [False, False, True]


def test_questions_are_answered_in_the_request(acme, post):
    address = post((FILES / "day_or_month.csv").read_bytes())
    state = answer(acme.call("POST", f"{address}/look"))[1]
    assert (state["state"], state["question"]["name"]) == ("asking", "date_order")
    assert state["preview"] is None
    state = answer(acme.call("POST", f"{address}/look", {"date_order": "month_first"}))[1]
    assert (state["state"], state["preview"]["first_day"]) == ("ready", "2026-03-04")
    job = answer(acme.call("POST", f"{address}/begin"))[1]
    assert (job["state"], job["progress"]["created"]) == ("done", 2)


def test_answers_may_come_with_the_place_for_the_file(acme, post):
    address = post((FILES / "day_or_month.csv").read_bytes(), {"date_order": "day_first"})
    assert answer(acme.call("POST", f"{address}/begin"))[1]["state"] == "done"


def test_a_begin_without_an_answer_says_what_is_open(acme, post):
    address = post((FILES / "day_or_month.csv").read_bytes())
    job = answer(acme.call("POST", f"{address}/begin"))[1]
    assert (job["state"], job["result"]["question"]["name"]) == ("failed", "date_order")


def test_names_are_chosen_in_the_request(acme, post):
    client = answer(acme.call("POST", "/clients", {"name": "Boom FM Ltd", "currency": "NZD"}))[1]
    address = post((FILES / "toggl_detailed.csv").read_bytes())
    preview = answer(acme.call("POST", f"{address}/look"))[1]["preview"]
    assert preview["clients"][0]["offers"] == [{"id": client["id"], "name": "Boom FM Ltd"}]
    choices = [
        {"client": "Boom FM", "use": client["id"]},
        {"client": "City Agency", "use": "leave_out"},
    ]
    state = answer(acme.call("POST", f"{address}/look", {"choices": choices}))[1]
    assert [one["state"] for one in state["preview"]["clients"]] == ["chosen", "left_out"]
    job = answer(acme.call("POST", f"{address}/begin"))[1]
    assert (job["progress"]["created"], job["result"]["left_out"]) == (3, 1)


def test_refused_rows_come_with_a_report(acme, post):
    bad = (FILES / "toggl_detailed.csv").read_bytes().replace(b"01:30:00,on", b"-1:30:00,on")
    address = post(bad, {"currency": "NZD"})
    state = answer(acme.call("POST", f"{address}/look"))[1]
    assert state["preview"]["refused_count"] == 2
    assert state["preview"]["refused"][0]["line"] == 2
    assert "refused.csv" in state["report_url"]
    acme.call("POST", f"{address}/begin")
    assert answer(acme.call("GET", address))[1]["report_url"]


def test_an_import_is_taken_back(acme, post, aws):
    address = post((FILES / "toggl_detailed.csv").read_bytes())
    assert acme.call("POST", f"{address}/take-back").status_code == 409
    acme.call("POST", f"{address}/begin")
    aws.clock.advance(seconds=1)
    status, job = answer(acme.call("POST", f"{address}/take-back"))
    assert (status, job["state"], job["progress"]["removed"]) == (202, "done", 4)
    assert answer(acme.call("GET", "/time-records"))[1]["items"] == []
    assert answer(acme.call("GET", address))[1]["state"] == "taken_back"


def test_another_tenant_finds_none_of_it(acme, other, post):
    address = post((FILES / "toggl_detailed.csv").read_bytes())
    acme.call("POST", f"{address}/look")
    for act in ("look", "begin", "take-back"):
        assert other.call("POST", f"{address}/{act}").status_code == 404
    assert other.call("GET", address).status_code == 404


def test_another_tenants_client_cannot_be_chosen(acme, other, post):
    theirs = answer(other.call("POST", "/clients", {"name": "Boom FM", "currency": "NZD"}))[1]
    address = post((FILES / "toggl_detailed.csv").read_bytes())

    def chosen(client_id):
        choices = {"choices": [{"client": "Boom FM", "use": client_id}]}
        state = answer(acme.call("POST", f"{address}/look", choices))[1]
        return state["state"], state["message"], state["preview"]

    assert chosen(theirs["id"]) == chosen("nobodys")
    assert chosen(theirs["id"])[0] == "unusable"
