"""A tenant that is connected and has work, on the deployed stack."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from local.demo.counted import Account
from local.demo.journey import ORGANISATION, Journey
from local.demo_tenant import ensure
from tests.support.functions import forget_calls
from tests.support.receiver import Receiver, receiving
from tests.support.stack import SharedStack

CONTACTS = 30
SECOND = "second@xero.test"


@dataclass
class Xero:
    """The other side as a person there, and a fault, would move it."""

    url: str

    def ask(self, method: str, path: str, body: object = None) -> dict:
        answer = requests.request(method, f"{self.url}/_control/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def invoices_of(self, connection: dict, invoice_id: str) -> list[dict]:
        """Every sales invoice in the organisation that leads back to this one of ours."""
        page = requests.get(
            f"{self.url}/_control/organisations/{connection['organisation_id']}/invoices",
            timeout=60,
        )
        page.raise_for_status()
        found = page.json()["invoices"]
        return [i for i in found if (i.get("Url") or "").endswith(f"/invoices/{invoice_id}")]


@pytest.fixture(scope="session")
def demo(stack: SharedStack) -> dict[str, str]:
    """How to get in as the demo tenant."""
    return json.loads((stack.home / "demo.json").read_text())


@pytest.fixture(scope="session")
def connected(demo: dict[str, str]) -> Journey:
    """The demo tenant, connected, with clients, codes and time records."""
    journey = Journey(demo, Account(demo["xero_url"]))
    journey.sign_in()
    journey.connect()
    journey.import_reference()
    journey.choose_codes()
    journey.bring_in_time()
    return journey


@pytest.fixture(scope="session")
def demo_organisation(demo: dict[str, str]) -> str:
    """The id of the organisation that the demo tenant connects."""
    known = Xero(demo["xero_url"]).ask("GET", "organisations")["organisations"]
    return next(one["tenant_id"] for one in known if one["name"] == ORGANISATION)


@pytest.fixture(autouse=True)
def a_minute_of_its_own(stack: SharedStack, demo: dict[str, str], demo_organisation: str) -> None:
    """No journey waits because those before it used up the calls of a minute."""
    Xero(demo["xero_url"]).ask("POST", "reset", {"only": ["limits"]})
    forget_calls(stack, demo_organisation)


@pytest.fixture
def xero(demo: dict[str, str]) -> Iterator[Xero]:
    """The local Xero, without faults before and after, and nothing unexpected met."""
    control = Xero(demo["xero_url"])
    yield control
    control.ask("DELETE", "faults")
    control.ask("POST", "release", {})
    control.ask("POST", "webhooks", {"paused": False})
    assert control.ask("GET", "unexpected")["unexpected"] == []


@pytest.fixture(scope="session")
def stranger(stack: SharedStack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Another tenant of the same deployment, with its own key."""
    path = tmp_path_factory.mktemp("stranger") / "demo.json"
    return ensure(stack.base_url, stack.xero_url, stack.cloud_url, path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program outside that takes whatever it is told."""
    with receiving() as server:
        yield server


@pytest.fixture
def arrive(stack: SharedStack, xero: Xero, tmp_path: Path) -> Iterator[Callable[[], Journey]]:
    """Brings a tenant that has just connected an organisation of its own; all leave again."""
    come = []

    def arrival() -> Journey:
        company = f"Newcomer {uuid.uuid4().hex[:6]}"
        order = {"name": company, "contacts": CONTACTS, "users": [SECOND]}
        xero.ask("POST", "organisations", order)
        path = tmp_path / f"{company}.json"
        demo = ensure(stack.base_url, stack.xero_url, stack.cloud_url, path)
        journey = Journey(demo, Account(demo["xero_url"]), company, SECOND)
        journey.sign_in()
        journey.connect()
        come.append(journey)
        return journey

    yield arrival
    for journey in come:
        journey.program.delete("/connection")


@pytest.fixture
def newcomer(arrive: Callable[[], Journey]) -> Journey:
    """A tenant that has just connected an organisation of its own; it leaves again."""
    return arrive()
