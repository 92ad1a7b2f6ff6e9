"""Every page, on a desk and on a phone, by the rules of WCAG 2.1 AA as axe-core checks them."""

import json

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}
ADDRESSES = [
    "/home",
    "/clients",
    "/clients/new",
    "/clients/import",
    "/clients/import/contacts",
    "/clients/import/decisions",
    "/projects",
    "/projects/new",
    "/time/import",
    "/invoices",
    "/invoices/drift",
    "/invoices/new",
    "/invoices/plans",
    "/invoices/plans/new?kind=instalments",
    "/invoices/templates",
    "/jobs",
    "/month-end",
    "/settings/xero",
    "/settings/codes",
    "/settings/usage",
    "/settings/company",
    "/settings/users",
    "/settings/api-keys",
    "/settings/audit",
    "/help",
]


@pytest.fixture(params=[1280, 380], ids=["desk", "phone"])
def signed_in(request, browser: Browser, stack) -> Page:
    """The demo tenant's administrator; the checker's script is let past the content policy."""
    demo = json.loads((stack.home / "demo.json").read_text())
    context = browser.new_context(
        viewport={"width": request.param, "height": 860}, bypass_csp=True, base_url=stack.base_url
    )
    page = context.new_page()
    page.goto("/sign-in")
    must_be_accessible(page, "/sign-in")
    page.fill("[name=email]", demo["email"])
    page.fill("[name=password]", demo["password"])
    page.get_by_role("button", name="Sign in").click()
    must_be_accessible(page, "/second-factor")
    while "/second-factor" in page.url:
        page.fill("[name=code]", pyotp.TOTP(demo["totp_secret"]).now())
        page.get_by_role("button", name="Verify").click()
        if "/second-factor" in page.url:
            # A code is taken once, and somebody else's was first.
            page.wait_for_timeout(5_000)
    yield page
    context.close()


def test_every_page_is_accessible(signed_in: Page):
    for address in ADDRESSES:
        signed_in.goto(address)
        must_be_accessible(signed_in, address)


def must_be_accessible(page: Page, address: str) -> None:
    """Nothing that axe-core calls a violation, and nothing wider than the screen."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{address}: {found.generate_report()}"
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), f"{address} scrolls sideways"
