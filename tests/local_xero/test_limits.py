from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)


@pytest.fixture
def call(visitor, world):
    world.clock.set(START)
    tokens = visitor.connect()
    return lambda path="/Currencies", **more: visitor.call(tokens, "GET", path, **more)


def left(answer):
    names = ("X-MinLimit-Remaining", "X-DayLimit-Remaining", "X-AppMinLimit-Remaining")
    return tuple(int(answer.headers[name]) for name in names)


def test_every_answer_says_what_is_left(call):
    assert left(call()) == (59, 4999, 9999)
    assert left(call("/Invoices/unknown")) == (58, 4998, 9998)


def test_minute_window_is_fixed(call, world):
    for _ in range(60):
        assert call().status_code == 200
    refused = call()
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == "minute"
    assert refused.headers["Retry-After"] == "40"
    assert left(refused) == (0, 4940, 9940)
    world.clock.advance(timedelta(seconds=40))
    assert left(call()) == (59, 4939, 9999)


def test_day_window_ends_at_the_organisations_own_time(visitor, call, control, world):
    control("POST", "/limits", {"day": 1})
    call()
    refused = call()
    assert refused.headers["X-Rate-Limit-Problem"] == "day"
    wait = int(refused.headers["Retry-After"])
    assert 60 < wait <= 86_400
    world.clock.advance(timedelta(seconds=wait))
    assert visitor.call(visitor.connect(), "GET", "/Currencies").status_code == 200


def test_app_wide_window_counts_all_organisations(visitor, call, control):
    control("POST", "/limits", {"app_minute": 1})
    call()
    tokens = visitor.connect("Demo Company (AU)")
    refused = visitor.call(tokens, "GET", "/Currencies", "Demo Company (AU)")
    assert refused.headers["X-Rate-Limit-Problem"] == "appminute"


def test_organisations_have_windows_of_their_own(visitor, call, control):
    control("POST", "/limits", {"minute": 1})
    call()
    tokens = visitor.connect("Demo Company (AU)")
    assert visitor.call(tokens, "GET", "/Currencies", "Demo Company (AU)").status_code == 200


def test_refused_calls_cost_nothing(call, control):
    control("POST", "/limits", {"minute": 1})
    call()
    call()
    control("POST", "/limits", {"minute": 3})
    assert left(call())[0] == 1


def test_sixth_call_at_a_time_is_refused_without_a_time(app, visitor, call, control, until):
    tokens, faults = visitor.connect(), visitor.world.faults
    control("POST", "/faults", {"kind": "hold", "times": 5})

    def held():
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        headers["xero-tenant-id"] = visitor.tenant()
        return app.test_client().get("/api.xro/2.0/Currencies", headers=headers).status_code

    with ThreadPoolExecutor(5) as pool:
        running = [pool.submit(held) for _ in range(5)]
        until(lambda: faults.held == 5)
        refused = call()
        control("POST", "/release")
        assert [one.result() for one in running] == [200] * 5
    assert refused.status_code == 429
    assert refused.headers["X-Rate-Limit-Problem"] == "concurrent"
    assert "Retry-After" not in refused.headers
    assert call().status_code == 200


def test_switched_off_limits_do_not_move(call, control):
    control("POST", "/limits", {"enabled": False, "minute": 1})
    assert left(call()) == left(call()) == (1, 5000, 10000)


def test_unknown_limit_is_refused(control):
    assert not control("POST", "/limits", {"hour": 1})["ok"]
