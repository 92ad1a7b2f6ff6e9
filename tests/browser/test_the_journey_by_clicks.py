"""A person's whole journey: a one-time link, two-factor, consent in a pop-up, invoice, paid.

And afterwards the connection: ended, made again by the whole page, and asked to change.
"""

import io
import re
import time
from functools import partial

import pyotp
import pytest
import requests
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from local.cloud.aws import client
from local.cloud.stack import NAME
from local.operator import make_tenant
from tests.support.functions import setting
from tests.support.stack import SharedStack

ORGANISATION, ANOTHER = "Demo Company (AU)", "Demo Company (US)"
XERO_PERSON = "second@xero.test"
"""Not whom journeys consent as: what one person allows adds up in Xero, and is asked once."""
PASSWORD = "a long enough pass phrase"


@pytest.fixture
def link(stack) -> str:
    """The one-time link of a new tenant's first administrator."""
    here = partial(client, endpoint=stack.cloud_url)
    made = make_tenant(here, NAME, name="Kerb & Co", email=f"kim.{time.time_ns()}@kerb.test")
    return made["link"]


@pytest.fixture
def _let_in(stack) -> None:
    """The person may open both organisations in Xero."""
    control = f"{stack.xero_url}/_control/organisations"
    for one in requests.get(control, timeout=30).json()["organisations"]:
        if one["name"] in {ORGANISATION, ANOTHER}:
            users = {"users": [*one["users"], XERO_PERSON]}
            requests.post(f"{control}/{one['tenant_id']}/users", json=users, timeout=30)


@pytest.mark.usefixtures("_let_in")
def test_from_a_link_to_paid(page: Page, stack, link):
    open_the_account(page, link)
    cancel_in_a_pop_up(page, stack.base_url)
    connect_in_a_pop_up(page)
    import_clients_and_codes(page, stack.base_url)
    track_time(page, stack.base_url)
    send_an_invoice(page)
    pay_in_xero(page)
    press(page, "Sync status")
    expect(page.locator(".pill").first).to_have_text("Paid")
    disconnect(page, stack.base_url)
    reconnect_by_the_whole_page(page)
    be_asked_about_another_organisation(page, stack)


def open_the_account(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("[name=name]", "Kim Kerb")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.get_by_role("button", name="Continue").click()
    phone = pyotp.parse_uri(scanned(page.locator("img.qr")))
    assert phone.secret == page.locator("#key").inner_text().replace(" ", "")
    page.fill("[name=code]", phone.now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("link", name="Clients").first).to_be_visible()


def scanned(picture: Locator) -> str:
    """What a camera reads in the picture, as it is on the screen."""
    seen = Image.open(io.BytesIO(picture.screenshot()))
    (found,) = zxingcpp.read_barcodes(seen)
    return str(found.text)


def cancel_in_a_pop_up(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/settings/xero")
    xero = opened_by(page, "Connect to Xero")
    with xero.expect_event("close"):
        xero.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("access was not allowed in Xero")).to_be_visible()


def connect_in_a_pop_up(page: Page) -> None:
    xero = opened_by(page, "Connect to Xero")
    sign_in_to_xero(xero)
    xero.get_by_label(ORGANISATION).check()
    with xero.expect_event("close"):
        xero.get_by_role("button", name="Allow access").click()
    expect(page.get_by_text(f"Connected to {ORGANISATION}.")).to_be_visible()
    expect(page.get_by_role("heading", name=ORGANISATION)).to_be_visible()


def opened_by(page: Page, button: str) -> Page:
    """The window of Xero that a button opens."""
    with page.expect_popup() as opened:
        page.get_by_role("button", name=button).click()
    opened.value.wait_for_url("**/authorize?**")
    return opened.value


def sign_in_to_xero(xero: Page) -> None:
    xero.fill("[name=email]", XERO_PERSON)
    xero.fill("[name=password]", "demo")
    xero.get_by_role("button", name="Sign in").click()


def disconnect(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/settings/xero")
    page.locator("summary", has_text="Disconnect").click()
    page.get_by_role("button", name="Disconnect from Xero").click()
    expect(page.locator(".pill").first).to_have_text(re.compile("Disconnect(ed|ing)"))


def reconnect_by_the_whole_page(page: Page) -> None:
    """Where nothing may open a window, the page itself goes to Xero and comes back."""
    page.evaluate("window.open = () => null")
    page.get_by_role("button", name="Connect to Xero").click()
    page.wait_for_url("**/authorize?**")
    page.get_by_label(ORGANISATION).check()
    page.get_by_role("button", name="Allow access").click()
    page.wait_for_url("**/settings/xero")
    expect(page.get_by_text(f"Connected to {ORGANISATION}.")).to_be_visible()


def be_asked_about_another_organisation(page: Page, stack: SharedStack) -> None:
    """By the whole page again, this time because the operator's setting says so."""
    press(page, "Switch on “Create contacts in Xero”")
    # Changing the setting ends the function's processes, with whatever they are answering.
    page.wait_for_load_state("networkidle")
    with setting(stack, "app", XERO_CONSENT="page"):
        page.reload()
        expect(page.locator("form[data-popup]")).to_have_count(0)
        page.get_by_role("button", name="Update permissions").click()
        page.wait_for_url("**/authorize?**")
        page.get_by_label(ANOTHER).check()
        page.get_by_role("button", name="Allow access").click()
        page.wait_for_url("**/settings/xero")
    expect(page.get_by_role("heading", name=f"Change to {ANOTHER}?")).to_be_visible()
    page.get_by_role("button", name=f"Keep {ORGANISATION}").click()
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
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
        xero.fill("[name=email]", XERO_PERSON)
        xero.fill("[name=password]", "demo")
        xero.get_by_role("button", name="Sign in").click()
    xero.get_by_role("button", name="Record payment").click()
    expect(xero.locator("body")).to_contain_text(re.compile("paid", re.IGNORECASE))
    xero.close()
