import re
from datetime import timedelta

from local.xero.serve import DEFAULTS


def delete(visitor, tokens, connection_id):
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    return visitor.api.delete(f"/connections/{connection_id}", headers=headers)


def test_connection_is_written_as_xero_writes_it(visitor):
    one = visitor.connections(visitor.connect())[0]
    assert one["tenantName"] == "Demo Company (NZ)"
    assert one["tenantType"] == "ORGANISATION"
    assert one["tenantId"] == visitor.tenant()
    assert one["id"] != one["tenantId"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}", one["createdDateUtc"])


def test_one_token_reaches_every_organisation_of_the_user(visitor):
    visitor.connect("Demo Company (NZ)")
    tokens = visitor.connect("Demo Company (AU)")
    names = {one["tenantName"] for one in visitor.connections(tokens)}
    assert names == {"Demo Company (NZ)", "Demo Company (AU)"}


def test_filter_gives_only_this_consents_organisation(visitor):
    visitor.connect("Demo Company (NZ)")
    tokens = visitor.connect("Demo Company (AU)")
    new = next(c for c in visitor.connections(tokens) if c["tenantName"] == "Demo Company (AU)")
    assert visitor.connections(tokens, authEventId=new["authEventId"]) == [new]


def test_consent_again_keeps_the_first_event(visitor, world):
    before = visitor.connections(visitor.connect())[0]
    world.clock.advance(timedelta(hours=1))
    after = visitor.connections(visitor.connect())[0]
    assert (after["id"], after["authEventId"]) == (before["id"], before["authEventId"])
    assert after["createdDateUtc"] == before["createdDateUtc"]


def test_reconnecting_shows_when_it_was_first_made(visitor, world):
    tokens = visitor.connect()
    first = visitor.connections(tokens)[0]
    assert delete(visitor, tokens, first["id"]).status_code == 204
    world.clock.advance(timedelta(hours=1))
    again = visitor.connections(visitor.connect())[0]
    assert again["id"] != first["id"]
    assert again["createdDateUtc"] == first["createdDateUtc"] != again["updatedDateUtc"]


def test_users_have_connections_of_their_own(visitor):
    first = visitor.connect("Demo Company (NZ)")
    second = visitor.connect("Demo Company (NZ)", "second@xero.test")
    assert len(visitor.connections(first)) == len(visitor.connections(second)) == 1
    theirs = visitor.connections(second)[0]["id"]
    assert delete(visitor, first, theirs).status_code == 404


def test_deleting_takes_the_connections_id_not_the_tenants(visitor):
    tokens = visitor.connect()
    one = visitor.connections(tokens)[0]
    assert delete(visitor, tokens, one["tenantId"]).status_code == 403
    assert delete(visitor, tokens, "00000000-0000-0000-0000-000000000000").status_code == 404
    answer = delete(visitor, tokens, one["id"])
    assert (answer.status_code, answer.text) == (204, "")


def test_deleting_leaves_the_token_alive(visitor):
    tokens = visitor.connect("Demo Company (NZ)")
    delete(visitor, tokens, visitor.connections(tokens)[0]["id"])
    assert visitor.call(tokens, "GET", "/Organisation").status_code == 403
    assert visitor.refresh(tokens["refresh_token"]).status_code == 200


def test_app_by_itself_lists_and_deletes_connections(visitor):
    visitor.connect("Demo Company (NZ)")
    visitor.connect("Demo Company (NZ)", "second@xero.test")
    own = visitor.token(grant_type="client_credentials", scope="app.connections").get_json()
    assert "refresh_token" not in own
    assert len(visitor.connections(own)) == 2
    assert delete(visitor, own, visitor.connections(own)[0]["id"]).status_code == 204
    assert len(visitor.connections(own)) == 1


def test_app_by_itself_gets_no_other_scope(visitor):
    answer = visitor.token(grant_type="client_credentials", scope="accounting.contacts")
    assert answer.get_json() == {"error": "invalid_scope"}


def test_connections_need_a_token(visitor):
    assert visitor.api.get("/connections").status_code == 401


def test_disconnect_inside_xero_reaches_every_user(visitor, control):
    visitor.connect("Demo Company (NZ)")
    visitor.connect("Demo Company (NZ)", "second@xero.test")
    removed = control("POST", "/connections/remove", {"tenant_id": visitor.tenant()})
    assert removed["removed"] == 2
    assert control("GET", "/app")["connections"] == []
    assert control("GET", "/app")["client_id"] == DEFAULTS["client_id"]
