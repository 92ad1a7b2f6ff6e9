import json

import pytest

from chalicelib.work import claims, time_records


class Made:
    """A client, a project and a task made by the API."""

    def __init__(self, program) -> None:
        self.program = program
        self.client = self.post("/clients", {"name": "Boom FM", "currency": "NZD"})
        self.project = self.post("/projects", {"client_id": self.client["id"], "name": "App"})
        self.task = self.post(
            "/tasks", {"project_id": self.project["id"], "name": "Design", "rate": "120.5"}
        )

    def post(self, path, body):
        response = self.program.call("POST", path, body)
        assert response.status_code == 201, response.body
        return json.loads(response.body)

    def time(self, **changes):
        return {"task_id": self.task["id"], "date": "2026-11-03", "minutes": 90, **changes}


@pytest.fixture
def made(acme):
    return Made(acme)


def answer(response):
    return response.status_code, json.loads(response.body) if response.body else None


def test_money_and_ids_are_strings(made):
    assert made.task["rate"] == "120.5000"
    assert made.task["currency"] == "NZD"
    assert made.project["client_id"] == made.client["id"]


def test_a_change_leaves_alone_what_was_not_sent(made):
    path = f"/tasks/{made.task['id']}"
    status, task = answer(made.program.call("PATCH", path, {"rate": None}))
    assert (status, task["rate"], task["name"]) == (200, None, "Design")


def test_a_client_is_archived_and_listed_apart(made, acme):
    path = f"/clients/{made.client['id']}"
    assert answer(acme.call("PATCH", path, {"archived": True}))[1]["archived"] is True
    assert answer(acme.call("GET", "/clients"))[1]["items"] == []
    archived = answer(acme.call("GET", "/clients?archived=true"))[1]
    assert [one["name"] for one in archived["items"]] == ["Boom FM"]


def test_tasks_are_listed_by_project(made, acme):
    listed = answer(acme.call("GET", f"/tasks?project_id={made.project['id']}"))[1]
    assert [one["name"] for one in listed["items"]] == ["Design"]
    assert answer(acme.call("GET", "/tasks"))[1]["field"] == "project_id"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"date": "03/11/2026"}, "date"),
        ({"date": "20261103"}, "date"),
        ({"note": "x" * 4001}, "note"),
        ({"external_id": "x" * 201}, "external_id"),
    ],
)
def test_time_that_cannot_be_names_its_field(made, acme, changes, field):
    status, problem = answer(acme.call("POST", "/time-records", made.time(**changes)))
    assert (status, problem["field"]) == (400, field)


def test_one_record_with_a_known_external_id_is_renewed(made, acme):
    first = made.post("/time-records", made.time(external_id="a"))
    status, again = answer(
        acme.call("POST", "/time-records", made.time(external_id="a", minutes=5))
    )
    assert (status, again["id"], again["minutes"]) == (200, first["id"], 5)
    listed = answer(acme.call("GET", f"/time-records?project_id={made.project['id']}"))[1]
    assert [one["minutes"] for one in listed["items"]] == [5]


def bulk(acme, *items):
    status, answered = answer(acme.call("POST", "/time-records/bulk", {"items": list(items)}))
    assert status == 200
    return answered["items"]


def test_many_records_get_a_result_each_in_order(made, acme):
    results = bulk(
        acme,
        made.time(external_id="1"),
        made.time(minutes=0),
        made.time(task_id="none"),
        made.time(external_id="1"),
        made.time(),
        made.time(external_id="1", minutes=5),
    )
    states = [one["state"] for one in results]
    assert states == ["created", "refused", "refused", "unchanged", "created", "refused"]
    assert results[1]["problem"]["field"] == "minutes"
    assert results[2]["problem"]["code"] == "not_found"
    assert results[5]["problem"]["field"] == "external_id"
    assert results[3]["record"]["id"] == results[0]["record"]["id"]


def test_what_is_sent_again_counts_until_it_is_invoiced(made, acme):
    bulk(acme, made.time(external_id="1"), made.time(external_id="2"))
    same, other = bulk(acme, made.time(external_id="1"), made.time(external_id="2", minutes=5))
    assert (same["state"], other["state"]) == ("unchanged", "updated")
    assert other["record"]["minutes"] == 5
    claims.claim(
        acme.tenant_id,
        "i1",
        time_records.by_ids(acme.tenant_id, [other["record"]["id"]]),
    )
    same, other = bulk(
        acme, made.time(external_id="2", minutes=5), made.time(external_id="2", minutes=6)
    )
    assert same["state"] == "unchanged"
    assert other["state"] == "refused"
    (other,) = bulk(acme, made.time(external_id="2", minutes=6))
    assert (other["state"], other["problem"]["code"]) == ("refused", "on_invoice")
    kept = time_records.get(acme.tenant_id, same["record"]["id"])
    assert (kept.minutes, kept.invoice_id) == (5, "i1")


def test_one_that_is_invoiced_answers_a_conflict(made, acme):
    first = made.post("/time-records", made.time(external_id="a"))
    claims.claim(acme.tenant_id, "i1", time_records.by_ids(acme.tenant_id, [first["id"]]))
    status, problem = answer(
        acme.call("POST", "/time-records", made.time(external_id="a", minutes=5))
    )
    assert (status, problem["code"]) == (409, "on_invoice")


def test_what_a_person_corrected_outlives_the_same_words_sent_again(made, acme):
    (first,) = bulk(acme, made.time(external_id="1", note="desgin"))
    path = f"/time-records/{first['record']['id']}"
    acme.call("PATCH", path, {"note": "design", "billable": False})
    (again,) = bulk(acme, made.time(external_id="1", note="desgin"))
    assert (again["state"], again["record"]["note"]) == ("unchanged", "design")
    (other,) = bulk(acme, made.time(external_id="1", note="design, two pages"))
    assert (other["state"], other["record"]["note"]) == ("updated", "design, two pages")
    assert other["record"]["billable"] is False


def test_a_record_may_move_to_another_project_by_its_external_id(made, acme):
    bulk(acme, made.time(external_id="1"))
    other = made.post("/projects", {"client_id": made.client["id"], "name": "Site"})
    task = made.post("/tasks", {"project_id": other["id"], "name": "Care"})
    (moved,) = bulk(acme, made.time(external_id="1", task_id=task["id"]))
    assert (moved["state"], moved["record"]["project_id"]) == ("updated", other["id"])
    old = answer(acme.call("GET", f"/time-records?project_id={made.project['id']}"))[1]
    assert old["items"] == []


def test_more_records_than_one_transaction_takes_go_in_one_call(made, acme):
    items = [made.time(external_id=str(n)) for n in range(150)]
    first = answer(acme.call("POST", "/time-records/bulk", {"items": items}))[1]
    again = answer(acme.call("POST", "/time-records/bulk", {"items": items}))[1]
    assert {one["state"] for one in first["items"]} == {"created"}
    assert {one["state"] for one in again["items"]} == {"unchanged"}


@pytest.mark.parametrize("count", [0, 1001])
def test_none_and_more_than_a_thousand_are_refused(made, acme, count):
    items = [made.time()] * count
    assert acme.call("POST", "/time-records/bulk", {"items": items}).status_code == 400


def test_records_are_filtered_by_day_and_by_whether_they_are_billed(made, acme):
    for day in (1, 2, 3):
        made.post("/time-records", made.time(date=f"2026-11-0{day}", external_id=str(day)))
    made.post("/time-records", made.time(billable=False))
    of = f"/time-records?project_id={made.project['id']}"
    between = answer(acme.call("GET", f"{of}&from=2026-11-02&to=2026-11-02"))[1]
    assert [one["date"] for one in between["items"]] == ["2026-11-02"]
    records = time_records.listing(acme.tenant_id, [made.project["id"]]).items
    claims.claim(acme.tenant_id, "i1", records[:1])
    found = {
        wanted: len(answer(acme.call("GET", f"{of}&{wanted}"))[1]["items"])
        for wanted in ("invoiced=true", "invoiced=false", "unbilled=true")
    }
    assert found == {"invoiced=true": 1, "invoiced=false": 3, "unbilled=true": 2}


def test_records_of_a_client_come_page_by_page(made, acme):
    other = made.post("/projects", {"client_id": made.client["id"], "name": "Site"})
    task = made.post("/tasks", {"project_id": other["id"], "name": "Care"})
    for n in range(3):
        made.post("/time-records", made.time(external_id=f"a{n}"))
        made.post("/time-records", made.time(external_id=f"b{n}", task_id=task["id"]))
    seen, cursor = [], ""
    while cursor is not None:
        path = f"/time-records?client_id={made.client['id']}&limit=2&cursor={cursor}"
        page = answer(acme.call("GET", path))[1]
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 6


def test_invoiced_time_is_neither_changed_nor_deleted(made, acme):
    record = made.post("/time-records", made.time())
    claims.claim(acme.tenant_id, "i1", time_records.by_ids(acme.tenant_id, [record["id"]]))
    path = f"/time-records/{record['id']}"
    assert acme.call("PATCH", path, {"minutes": 1}).status_code == 409
    assert acme.call("DELETE", path).status_code == 409
    claims.release(acme.tenant_id, "i1")
    assert acme.call("DELETE", path).status_code == 204
    assert acme.call("GET", path).status_code == 404


def test_a_key_that_may_only_read_changes_nothing(made, program):
    reader = program(made.program.tenant_id, "read")
    assert reader.call("GET", "/clients").status_code == 200
    assert reader.call("POST", "/clients", {"name": "X"}).status_code == 403
    assert reader.call("POST", "/imports/time-records", {}).status_code == 403


def test_another_tenant_finds_none_of_it(made, other):
    record = made.post("/time-records", made.time())
    project, task = made.project["id"], made.task["id"]
    calls = [
        ("GET", f"/clients/{made.client['id']}", None),
        ("PATCH", f"/clients/{made.client['id']}", {"name": "Mine"}),
        ("DELETE", f"/projects/{project}", None),
        ("GET", f"/tasks?project_id={project}", None),
        ("PATCH", f"/tasks/{task}", {"rate": "1"}),
        ("GET", f"/time-records?project_id={project}", None),
        ("PATCH", f"/time-records/{record['id']}", {"minutes": 1}),
        ("DELETE", f"/time-records/{record['id']}", None),
        ("POST", "/time-records", made.time()),
        ("POST", "/projects", {"client_id": made.client["id"], "name": "Mine"}),
    ]
    assert {other.call(*call).status_code for call in calls} == {404}
    for path in ("/clients", "/projects", "/time-records"):
        assert answer(other.call("GET", path))[1]["items"] == []


def test_a_fixed_price_and_its_phases_are_made_and_shown(made, acme):
    path = f"/projects/{made.project['id']}"
    body = {"kind": "fixed_price", "price": "9000", "purchase_order": "PO 7"}
    status, project = answer(acme.call("PATCH", path, body))
    phase = made.post(
        "/phases", {"project_id": project["id"], "name": "Design", "price": "3000.00"}
    )
    task = made.post(
        "/tasks", {"project_id": project["id"], "name": "Sketch", "phase_id": phase["id"]}
    )

    assert status == 200
    assert project["remaining"] == {"amount": "9000.00", "currency": "NZD"}
    assert phase["drawn"]["amount"] == "0.00"
    assert task["phase_id"] == phase["id"]
    listed = answer(acme.call("GET", f"/phases?project_id={project['id']}"))[1]
    assert listed["items"] == [phase]


def test_a_fixed_price_needs_its_price(made, acme):
    path = f"/projects/{made.project['id']}"
    status, problem = answer(acme.call("PATCH", path, {"kind": "fixed_price"}))
    assert (status, problem["field"]) == (400, "price")


def test_materials_are_added_in_bulk_each_on_its_own(made, acme):
    item = {
        "project_id": made.project["id"],
        "date": "2026-11-03",
        "name": "Cable",
        "quantity": "12.5",
        "unit": "m",
        "cost": "4.00",
        "markup": "25",
        "external_id": "m1",
    }
    bad = {**item, "quantity": "many", "external_id": None}
    status, found = answer(acme.call("POST", "/materials/bulk", {"items": [item, bad, item]}))

    assert status == 200
    assert [one["state"] for one in found["items"]] == ["created", "refused", "unchanged"]
    assert found["items"][0]["material"]["unit_price"] == "5.0000"
    assert found["items"][1]["problem"]["field"] == "quantity"
    listed = answer(acme.call("GET", f"/materials?project_id={item['project_id']}&unbilled=true"))
    assert [one["name"] for one in listed[1]["items"]] == ["Cable"]
    path = f"/materials/{found['items'][0]['material']['id']}"
    assert answer(acme.call("PATCH", path, {"price": "6"}))[1]["unit_price"] == "6.0000"
    assert acme.call("DELETE", path).status_code == 204
    assert acme.call("GET", path).status_code == 404


def test_what_was_done_is_held_against_what_was_quoted(made, acme):
    project_id = made.project["id"]
    acme.call("PATCH", f"/projects/{project_id}", {"price": "500.00"})
    made.post("/time-records", made.time())
    made.post("/time-records", made.time(billable=False))
    cable = {"project_id": project_id, "date": "2026-11-03", "name": "Cable", "quantity": "2"}
    made.post("/materials", {**cable, "cost": "10", "markup": "25"})
    made.post("/materials", cable)

    done = answer(acme.call("GET", f"/projects/{project_id}/actual"))[1]

    assert done["minutes"] == 180
    assert [done[name]["amount"] for name in ("time", "materials", "amount")] == [
        "180.75",
        "25.00",
        "205.75",
    ]
    assert (done["unpriced"], done["complete"]) == (1, True)
