"""Open redirects: no address that we are given leads away from us."""

import ast

import pytest

from chalicelib.console.routing import own_path
from tests.support.browser import PASSWORD, PROJECT, location

ELSEWHERE = ("https://evil.example", "//evil.example", "/\\evil.example")
ASKED_FOR = {"next"}


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/a\r\nb", "/\t/x"],
)
def test_no_form_leads_away_from_us(path):
    assert own_path(path) == "/home"


def test_every_address_that_a_request_names_is_looked_at_first():
    """Where a page reads ``next``, it reads it through ``own_path``."""
    read, checked = 0, 0
    for file in (PROJECT / "chalicelib" / "console").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            names = {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
            read += bool(names & ASKED_FOR) and ast.unparse(node.func).endswith(".get")
            checked += ast.unparse(node.func) == "own_path" and "next" in ast.unparse(node)
    assert read == checked > 5


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_to_our_own_pages(ann, address):
    ann.browser.post("/sign-out")
    assert address not in ann.browser.get(f"/sign-in?next={address}").body.decode()
    fields = {"email": ann.email, "password": PASSWORD, "next": address}
    assert location(ann.browser.post("/sign-in", fields)) == "/second-factor?next=/home"
    ann.aws.clock.advance(seconds=30)
    ann.browser.get(f"/second-factor?next={address}")
    fields = {"code": ann.code(), "next": address}
    assert location(ann.browser.post("/second-factor", fields)) == "/home"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_page_that_sent_somebody_here_is_gone_back_to_only_if_it_is_ours(ann, address):
    ann.aws.clock.advance(minutes=11)
    ann.browser.get("/help")
    asked = ann.browser.post("/settings/codes", headers={"Referer": address})
    assert location(asked) == "/second-factor?next=/home"
