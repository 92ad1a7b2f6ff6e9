"""Activity → Exchanges with Xero, with rows: told in words, narrowed, page by page."""

import re

from chalicelib import wiring
from chalicelib.console import activity
from chalicelib.dispatch import exchanges
from chalicelib.dispatch.exchanges import Exchange, Outcome


def keep(tenant_id, *made, minutes=0):
    clock = wiring.current().clock
    now = clock.advance(minutes=minutes) if minutes else clock.now()
    exchanges.row_of(tenant_id, now, made).save()


def made(**facts):
    chosen = {
        "at": "2026-11-23T09:00:00.000Z",
        "kind": "sync-status",
        "job_id": "sync-all.organisation-1",
        "method": "GET",
        "path": "/api.xro/2.0/Invoices",
        "outcome": Outcome.DONE,
        "status": 200,
        "said": "2 changed here.",
    }
    return Exchange(**{**chosen, **facts})


FAILED = made(
    kind="send-invoices",
    method="PUT",
    outcome=Outcome.FAILED,
    status=None,
    failure="xero_outcome_unknown",
    said="",
    correlation_id="<b>corr</b>",
)
RENEWED = made(
    kind="renew-permission",
    job_id="",
    method="POST",
    path="/connect/token",
    said="Xero gave the permission.",
)


def rows(page):
    return [re.sub(r"\s+", " ", row.get_text(" ")).strip() for row in page.select("tbody tr")]


def test_each_exchange_is_a_row_in_words(ann):
    keep(ann.tenant_id, made(), FAILED, RENEWED)

    page = ann.browser.page("/activity")

    renewed, failed, looked = rows(page)
    assert looked.startswith("Look at what changed in Xero")
    assert "2 changed here." in looked
    assert "GET /Invoices · 200" in looked
    assert "Xero did not confirm" in failed
    assert "no answer" in failed
    assert "support: <b>corr</b>" in failed
    assert failed.endswith("Failed")
    assert renewed.startswith("Reaching Xero")
    assert "POST /connect/token" in renewed
    links = [one["href"] for one in page.select("tbody th a")]
    assert links[-1].endswith("/jobs/sync-all.organisation-1?next=/activity")


def test_it_is_narrowed_by_kind_and_outcome(ann):
    keep(ann.tenant_id, made(), FAILED, RENEWED)

    assert len(rows(ann.browser.page("/activity?outcome=failed"))) == 1
    assert len(rows(ann.browser.page("/activity?kind=renew-permission"))) == 1
    assert rows(ann.browser.page("/activity?kind=renew-permission&outcome=failed")) == []
    offered = ann.browser.page("/activity").select("select[name=kind] option")
    assert {"consent", "renew-permission", "end-connection"} <= {one["value"] for one in offered}


def test_what_does_not_fit_is_on_the_next_page(ann):
    for number in range(activity.LISTED + 1):
        keep(ann.tenant_id, made(said=f"Number {number}."), minutes=1)

    page = ann.browser.page("/activity")
    assert len(rows(page)) == activity.LISTED
    (more,) = [one for one in page.select("a") if "Earlier exchanges" in one.text]
    (last,) = rows(ann.browser.page(more["href"]))
    assert "Number 0." in last


def test_another_tenants_exchanges_are_not_shown(ann):
    keep("another", made())

    assert rows(ann.browser.page("/activity")) == []
