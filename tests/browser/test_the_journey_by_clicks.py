"""A person's whole journey: a one-time link, two-factor, consent in a pop-up, invoice, paid."""

import re
import time
from functools import partial

import pyotp
import pytest
from playwright.sync_api import Page, expect

from local.cloud.aws import client
from local.cloud.stack import NAME
from local.operator import make_tenant

ORGANISATION = "Demo Company (AU)"
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def link(stack) -> str:
    """The one-time link of a new tenant's first administrator."""
    here = partial(client, endpoint=stack.cloud_url)
    made = make_tenant(here, NAME, name="Kerb & Co", email=f"kim.{time.time_ns()}@kerb.test")
    return made["link"]


def test_from_a_link_to_paid(page: Page, stack, link):
    open_the_account(page, link)
    connect_in_a_pop_up(page, stack.base_url)
    import_clients_and_codes(page, stack.base_url)
    track_time(page, stack.base_url)
    send_an_invoice(page)
    pay_in_xero(page)
    press(page, "Sync status")
    expect(page.locator(".pill").first).to_have_text("Paid")


def open_the_account(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("[name=name]", "Kim Kerb")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.get_by_role("button", name="Continue").click()
    secret = page.locator("#key").inner_text().replace(" ", "")
    assert page.locator("img[src^='data:image/svg+xml']").count() == 1
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("link", name="Clients").first).to_be_visible()


def connect_in_a_pop_up(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/settings/xero")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect to Xero").click()
    xero = opened.value
    xero.fill("[name=email]", "demo@xero.test")
    xero.fill("[name=password]", "demo")
    xero.get_by_role("button", name="Sign in").click()
    xero.get_by_label(ORGANISATION).check()
    with xero.expect_event("close"):
        xero.get_by_role("button", name="Allow access").click()
    expect(page.get_by_role("heading", name=ORGANISATION)).to_be_visible()


def import_clients_and_codes(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/clients")
    page.get_by_role("link", name="Import from Xero").click()
    press(page, "Import clients")
    page.get_by_role("link", name="Clients", exact=True).first.click()
    expect(page.get_by_role("link", name="Ridgeway University")).to_be_visible()
    page.goto(f"{base_url}/settings/codes")
    press(page, re.compile("Import|Refresh"))
    page.select_option("[name=account_code]", "200")
    page.get_by_role("button", name="Save defaults").click()
    expect(page.locator("[name=account_code]")).to_have_value("200")


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button and go where it leads, past the page of a job that takes a while."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()
    if "/jobs/" in page.url:
        expect(page.get_by_role("heading", name="Done", exact=True)).to_be_visible(timeout=60_000)
        page.get_by_role("link", name="Continue").click()


def track_time(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/projects/new")
    page.fill("[name=name]", "Footpath survey")
    page.select_option("[name=client_id]", label="Ridgeway University")
    page.get_by_role("button", name="Add project").click()
    page.get_by_role("link", name="New task").first.click()
    page.fill("[name=name]", "Survey")
    page.fill("[name=rate]", "150")
    page.get_by_role("button", name="Add task").click()
    page.get_by_role("link", name="Add time").first.click()
    page.fill("[name=date]", "2026-11-20")
    page.select_option("[name=task_id]", label="Survey")
    page.fill("[name=minutes]", "1:20")
    page.get_by_role("button", name="Add time").click()
    page.get_by_role("link", name="Invoice tracked time").click()


def send_an_invoice(page: Page) -> None:
    page.get_by_role("button", name="Make the draft").click()
    expect(page.locator("main")).to_contain_text("220.00 AUD")
    press(page, "Send to Xero")
    expect(page.get_by_role("heading", name="INV-00001")).to_be_visible()


def pay_in_xero(page: Page) -> None:
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open in Xero").click()
    xero = opened.value
    if xero.locator("[name=password]").count():
        xero.fill("[name=email]", "demo@xero.test")
        xero.fill("[name=password]", "demo")
        xero.get_by_role("button", name="Sign in").click()
    xero.get_by_role("button", name="Record payment").click()
    expect(xero.locator("body")).to_contain_text(re.compile("paid", re.IGNORECASE))
    xero.close()
