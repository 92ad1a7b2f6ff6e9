"""Settings → Activity trail."""

from chalicelib.dispatch import drain
from tests.support.browser import location

TRAIL = "/settings/audit"


def said(page):
    return [cell.get_text() for cell in page.select("td.note")]


def test_the_trail_reads_as_sentences_newest_first(ann):
    assert said(ann.browser.page(TRAIL))[-3:] == [
        "Ann set up two-factor.",
        "Ann chose a password.",
        "The operator made this tenant.",
    ]


def test_the_trail_is_in_the_side_navigation(ann):
    links = [link["href"] for link in ann.browser.page("/home").select("nav a")]
    assert f"http://localhost:8000{TRAIL}" in links


def test_filters_narrow_it_and_are_kept_in_the_form(ann):
    page = ann.browser.page(f"{TRAIL}?what=password&from=2026-11-23&to=2026-11-23")
    assert said(page) == ["Ann chose a password."]
    assert page.select_one("#what option[selected]")["value"] == "password"
    assert page.select_one("#from")["value"] == "2026-11-23"
    assert len(said(ann.browser.page(f"{TRAIL}?source=127.0.0.1&result=done"))) > 1
    assert "Nothing found" in ann.browser.page(f"{TRAIL}?result=refused").get_text()
    assert "Nothing found" in ann.browser.page(f"{TRAIL}?what=connect").get_text()


def test_a_day_that_cannot_be_is_named_beside_its_field(ann):
    response = ann.browser.get(f"{TRAIL}?from=soon")
    assert response.status_code == 400
    assert b'id="from-error"' in response.body


def test_a_refused_sign_in_is_in_the_trail(ann):
    ann.browser.post("/sign-out")
    ann.browser.get("/sign-in")
    ann.browser.post("/sign-in", {"email": ann.email, "password": "not this one"})
    ann.sign_in()
    assert "Somebody gave a wrong password for Ann." in said(ann.browser.page(TRAIL))


def test_an_export_shows_its_link_once_it_is_there(ann, aws):
    ann.browser.get(TRAIL)
    made = ann.browser.post(f"{TRAIL}/exports")
    page = ann.browser.page(location(made))
    assert page.select_one("[data-job]")
    assert page.find("a", string="Download") is None
    for lane in set(aws.wakes()):
        drain.drain(lane, deadline=aws.clock.now().replace(year=2027))
    page = ann.browser.page(location(made))
    assert "/exports/" in page.find("a", string="Download")["href"]
    aws.clock.advance(days=8)
    ann.sign_in()
    assert "The file has expired." in ann.browser.page(location(made)).get_text()


def test_the_public_key_comes_as_a_file(ann):
    response = ann.browser.get(f"{TRAIL}/public-key")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.body.startswith(b"-----BEGIN PUBLIC KEY-----")
