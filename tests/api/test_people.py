"""Settings, users and API keys over the API."""

import pytest


def test_settings_begin_with_their_defaults(acme):
    assert acme.call("GET", "/settings").json_body == {
        "name": "Acme Ltd",
        "time_zone": "UTC",
        "send_as": "AUTHORISED",
        "due_days": 20,
        "line_amount_types": "Exclusive",
        "invoice_prefix": "INV-",
        "numbering": "workbill",
        "auto_send": "never",
        "next_invoice_number": 1,
        "history_note": False,
        "timesheet": "none",
        "timesheet_online": False,
        "email_by": "nobody",
    }


def test_timesheets_switch_on_what_asks_for_their_permission(acme):
    chosen = acme.call("PATCH", "/settings", {"timesheet": "pdf", "email_by": "xero"}).json_body
    assert (chosen["timesheet"], chosen["email_by"], chosen["history_note"]) == (
        "pdf",
        "xero",
        False,
    )
    connection = acme.call("GET", "/connection").json_body
    assert "accounting.attachments" in connection["newly_asked"]
    assert acme.call("PATCH", "/settings", {"email_by": "us"}).status_code == 400


def test_only_the_settings_sent_are_changed(acme):
    response = acme.call("PATCH", "/settings", {"due_days": 7, "send_as": "DRAFT"})
    assert response.status_code == 200
    settings = acme.call("GET", "/settings").json_body
    assert (settings["due_days"], settings["send_as"]) == (7, "DRAFT")
    assert settings["name"] == "Acme Ltd"


@pytest.mark.parametrize(
    "change",
    [
        {"due_days": -1},
        {"due_days": 366},
        {"send_as": "PAID"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"invoice_prefix": "x" * 21},
        {"numbering": "by hand"},
        {"name": " "},
        {"tenant_id": "other"},
    ],
)
def test_settings_that_cannot_be_change_nothing(acme, change):
    before = acme.call("GET", "/settings").json_body
    response = acme.call("PATCH", "/settings", {"name": "New name", **change})
    assert response.status_code == 400
    assert acme.call("GET", "/settings").json_body == before


def test_the_next_number_goes_up_and_never_back(acme):
    assert acme.call("PATCH", "/settings", {"next_invoice_number": 1200}).status_code == 200
    for number in (1199, 0, -1, 10**9):
        refused = acme.call("PATCH", "/settings", {"next_invoice_number": number})
        assert refused.status_code == 400
        assert refused.json_body["field"] == "next_invoice_number"
    assert acme.call("GET", "/settings").json_body["next_invoice_number"] == 1200


def test_one_tenants_settings_are_not_anothers(acme, other):
    acme.call("PATCH", "/settings", {"name": "Acme Holdings"})
    assert other.call("GET", "/settings").json_body["name"] == "Other Ltd"


def test_users_show_no_secret(acme):
    users = acme.call("GET", "/users").json_body["items"]
    assert [set(user) for user in users] == [
        {"id", "email", "name", "role", "active", "two_factor", "created_at", "signed_in_at"}
    ]


def test_a_made_key_works_and_is_shown_once(acme, program):
    made = acme.call("POST", "/api-keys", {"name": "Tracker", "scopes": ["read"]})
    assert made.status_code == 201
    program = program(acme.tenant_id, "read")
    program.key = made.json_body["key"]
    assert program.call("GET", "/settings").status_code == 200
    assert made.json_body["key"] not in acme.call("GET", "/api-keys").body.decode()


def test_a_revoked_key_stops_at_once(acme):
    made = acme.call("POST", "/api-keys", {"name": "Tracker", "scopes": ["read"]}).json_body
    assert acme.call("DELETE", f"/api-keys/{made['id']}").status_code == 204
    acme.key = made["key"]
    assert acme.call("GET", "/settings").status_code == 401


def test_another_tenants_key_is_not_there(acme, other):
    made = acme.call("POST", "/api-keys", {"name": "Tracker", "scopes": ["read"]}).json_body
    assert other.call("DELETE", f"/api-keys/{made['id']}").status_code == 404
    assert len(other.call("GET", "/api-keys").json_body["items"]) == 1


def test_a_keys_last_day_is_shown_and_kept_to(acme, program, aws):
    new = {"name": "Tracker", "scopes": ["read"], "expires_on": "2026-11-30"}
    made = acme.call("POST", "/api-keys", new).json_body
    assert (made["expires_on"], made["expired"]) == ("2026-11-30", False)
    tracker = program(acme.tenant_id, "read")
    tracker.key = made["key"]
    assert tracker.call("GET", "/settings").status_code == 200
    aws.clock.advance(days=8)
    refused = tracker.call("GET", "/settings")
    assert (refused.status_code, refused.json_body["code"]) == (401, "api_key_expired")
    assert "good until 2026-11-30" in refused.json_body["detail"]
    listed = {
        key["id"]: key["expired"] for key in acme.call("GET", "/api-keys").json_body["items"]
    }
    assert listed[made["id"]] is True


@pytest.mark.parametrize("day", ["2026-11-22", "2099-01-01", "soon", ""])
def test_a_key_with_a_last_day_that_cannot_be_is_not_made(acme, day):
    new = {"name": "Tracker", "scopes": ["read"], "expires_on": day}
    refused = acme.call("POST", "/api-keys", new)
    assert (refused.status_code, refused.json_body["field"]) == (400, "expires_on")
