"""The pages on which a file of time is brought in."""

import re
from pathlib import Path

import pytest

from chalicelib.work import clients, projects, time_records
from chalicelib.work.staff import store as staff
from tests.support.browser import location

FILES = Path(__file__).parents[1] / "work" / "intake" / "files"
CSV = (
    "User,Client,Project,Task,Description,Billable,Start date,Duration\n"
    "Ana,Boom FM,App,Design,Icons,Yes,2026-11-03,01:00:00\n"
    "Ana,Boom FM,App,Design,<b>Fonts</b>,Maybe,2026-11-03,01:00:00\n"
)


@pytest.fixture
def upload(ann):
    """Stores a file as the form would; answers with where the browser is sent then."""

    def act(content: str | bytes) -> str:
        form = ann.browser.page("/time/import").find("form", enctype="multipart/form-data")
        fields = {one["name"]: one.get("value", "") for one in form.select("input[type=hidden]")}
        body = content.encode() if isinstance(content, str) else content
        ann.aws.wiring.s3.put_object(Bucket="test-uploads", Key=fields["key"], Body=body)
        return fields["success_action_redirect"].removeprefix("http://localhost:8000")

    return act


def text(page) -> str:
    return re.sub(r"\s+", " ", page.get_text())


def follow(ann, response):
    assert response.status_code == 302, response.body[-1500:]
    return ann.browser.page(location(response))


def fields_of(page) -> dict[str, str]:
    """What the page's own form would send as it stands."""
    form = page.select_one("main form")
    found = {one["name"]: one.get("value", "") for one in form.select("input[type=hidden]")}
    for one in form.select("select"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        found[one["name"]] = chosen["value"]
    for one in form.select("input[name]:not([type=hidden])"):
        if one.get("type") not in {"checkbox", "radio"} or one.has_attr("checked"):
            found[one["name"]] = one.get("value", "")
    return found


def records(ann) -> list:
    return time_records.listing(ann.tenant_id, projects.ids(ann.tenant_id)).items


def test_a_file_is_looked_at_then_taken_then_reported(ann, upload):
    clients.create(ann.tenant_id, "Boom FM", currency="NZD")
    back = upload(CSV)
    page = ann.browser.page(back)
    looked = text(page)
    assert "Toggl Track, detailed report, in UTF-8, separated by commas" in looked
    assert "1 row refused" in looked
    assert "neither Yes nor No" in looked
    assert "refused.csv" in page.find("a", string="Download the report")["href"]
    assert not records(ann)
    taken = text(follow(ann, ann.browser.post(back, {**fields_of(page), "rate": "100"})))
    assert "1 time record brought in, 1 row refused" in taken
    assert "neither Yes nor No" in taken
    assert [record.minutes for record in records(ann)] == [60]


def test_people_who_are_not_among_the_staff_are_added_unless_the_tick_is_taken_away(ann, upload):
    clients.create(ann.tenant_id, "Boom FM", currency="NZD")
    for ticked in (False, True):
        back = upload(CSV.replace("Icons", f"Icons {ticked}"))
        page = ann.browser.page(back)
        assert "Add to the staff: Ana" in text(page)
        fields = {**fields_of(page), "add_staff": "yes" if ticked else ""}
        follow(ann, ann.browser.post(back, fields))
        assert [one.name for one in staff.roll(ann.tenant_id).everybody] == ["Ana"] * ticked


def test_a_file_that_was_taken_can_be_taken_back(ann, upload):
    back = upload((FILES / "toggl_detailed.csv").read_bytes())
    page = ann.browser.page(back)
    taken = follow(ann, ann.browser.post(back, fields_of(page)))
    assert taken.find("button", string="Take it back")
    ann.aws.clock.advance(seconds=1)
    said = text(follow(ann, ann.browser.post(f"{back}/take-back")))
    assert "4 time records taken back." in said
    assert not records(ann)


def test_a_missing_currency_is_asked_for_and_what_was_typed_is_kept(ann, upload):
    back = upload(CSV)
    page = ann.browser.page(back)
    assert "Not known" in text(page)
    response = ann.browser.post(back, {**fields_of(page), "rate": "120"})
    assert response.status_code == 400
    assert b'id="currency-error"' in response.body
    assert b'value="120"' in response.body
    fields = {**fields_of(page), "currency": "NZD"}
    assert "1 time record brought in" in text(follow(ann, ann.browser.post(back, fields)))


def test_a_rate_that_cannot_be_comes_back_to_its_field(ann, upload):
    back = upload(CSV)
    fields = {**fields_of(ann.browser.page(back)), "rate": "-1", "currency": "NZD"}
    response = ann.browser.post(back, fields)
    assert (response.status_code, b'id="rate-error"' in response.body) == (400, True)
    assert not records(ann)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Hours\n1\n", "no table"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"Client,Project\n", "header and no rows"),
        (b'Client,Project\nBoom,"App\n', "line 2"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(ann, upload, content, said):
    response = ann.browser.get(upload(content))
    assert response.status_code == 400
    assert said.encode() in response.body
    assert b"Nothing was brought in" in response.body


def test_a_file_that_has_not_come_is_not_found(ann):
    assert ann.browser.get(f"/time/import/{'0' * 26}").status_code == 404


def test_the_order_of_days_is_asked_then_the_preview_is_shown(ann, upload):
    back = upload((FILES / "day_or_month.csv").read_bytes())
    page = ann.browser.page(back)
    assert [one["value"] for one in page.select("[name=date_order]")] == [
        "day_first",
        "month_first",
    ]
    assert not page.select("[name=date_order][checked]")
    looked = follow(ann, ann.browser.post(f"{back}/answers", {"date_order": "day_first"}))
    assert "3 Apr 2026" in text(looked)


def test_columns_are_matched_on_a_page_that_shows_what_they_hold(ann, upload):
    back = upload((FILES / "timesheet_semicolon_windows_1252.csv").read_bytes())
    page = ann.browser.page(back)
    assert "Müller & Söhne" in text(page) or "M\u00fcller" in text(page)
    page = follow(ann, ann.browser.post(f"{back}/answers", {"encoding": "windows-1252"}))
    assert page.h1.get_text() == "Which column holds what?"
    assert "Müller & Söhne" in text(page.table)
    fields = fields_of(page)
    assert (fields["column:date"], fields["column:duration"]) == ("Tag", "Stunden")
    assert fields["column:staff"] == "Person"
    refused = ann.browser.post(f"{back}/answers", fields)
    assert refused.status_code == 400
    assert b"holds the client" in refused.body
    assert b'<option value="Stunden" selected>' in refused.body
    fields |= {"column:client": "Kunde", "same:project": "Umbau"}
    looked = follow(ann, ann.browser.post(f"{back}/answers", fields))
    assert looked.h1.get_text() == "What the file holds"
    taken = ann.browser.post(back, {**fields_of(looked), "currency": "EUR"})
    assert "3 time records brought in" in text(follow(ann, taken))
    again = ann.browser.page(
        upload("Tag;Kunde;Auftrag;Person;Stunden;Bemerkung\n24.11.2026;Café;x;Ana;1;y\n")
    )
    assert "matched as you did it before" in text(again)


def test_a_name_like_another_is_shown_and_a_choice_shows_what_changes(ann, upload):
    client = clients.create(ann.tenant_id, "Boom FM Ltd", currency="NZD")
    back = upload(CSV)
    page = ann.browser.page(back)
    select = page.find("select", attrs={"name": "use:c0"})
    assert [option["value"] for option in select.select("option")] == [client.client_id, "new"]
    assert select.select_one("[selected]")["value"] == "new"
    fields = {**fields_of(page), "use:c0": client.client_id}
    changed = follow(ann, ann.browser.post(back, fields))
    assert "This is what becomes of it now." in text(changed)
    assert not records(ann)
    follow(ann, ann.browser.post(back, fields_of(changed)))
    assert [record.client_id for record in records(ann)] == [client.client_id]


def test_a_project_is_left_out_by_a_tick_and_comes_back_without(ann, upload):
    back = upload(CSV + CSV.splitlines()[1].replace("App", "Site") + "\n")
    page = ann.browser.page(back)
    ticked = {**fields_of(page), "out:p0-1": "yes", "currency": "NZD"}
    page = follow(ann, ann.browser.post(back, ticked))
    assert page.find("input", attrs={"name": "out:p0-1"}).has_attr("checked")
    unticked = {name: value for name, value in fields_of(page).items() if name != "out:p0-1"}
    page = follow(ann, ann.browser.post(back, unticked))
    assert not page.find("input", attrs={"name": "out:p0-1"}).has_attr("checked")
    page = follow(ann, ann.browser.post(back, {**fields_of(page), "out:p0-1": "yes"}))
    taken = follow(ann, ann.browser.post(back, fields_of(page)))
    assert "1 time record brought in, 1 left out" in text(taken)


def test_a_large_file_shows_its_progress_and_goes_on_by_itself(ann, upload):
    """The lane is busy, so the look waits for a worker."""
    from chalicelib.dispatch import lane
    from chalicelib.dispatch.model import tenant_lane

    back = upload(CSV)
    lane.take(tenant_lane(ann.tenant_id), "somebody", ann.aws.clock.now())
    page = ann.browser.page(back)
    assert page.h1.get_text() == "Looking at the file"
    assert page.select_one("[data-job]")


def test_what_a_file_says_is_shown_as_text(ann, upload):
    page = ann.browser.page(upload(CSV.replace("Boom FM", "<script>alert(1)</script>")))
    assert not page.find("script", string=re.compile("alert"))
    assert "<script>alert(1)</script>" in text(page)


def test_only_the_page_of_uploads_may_post_to_their_store(ann):
    upload = ann.browser.get("/time/import").headers["Content-Security-Policy"]
    other = ann.browser.get("/clients").headers["Content-Security-Policy"]
    assert "https://test-uploads.s3.amazonaws.com" in upload
    assert "amazonaws" not in other
