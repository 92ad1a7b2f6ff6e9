"""Fixtures that any test may ask for."""

import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from botocore.exceptions import BotoCoreError

from tests.support.aws import AWS, MAIL_FROM, mocked_account
from tests.support.cheap_hashes import cheap_hashes, product_costs
from tests.support.journeys_run import JourneysRun
from tests.support.stack import SharedStack, shared_stack

# They judge what all the others made the functions do.
LAST = {
    "test_no_secret_left.py",
    "test_nothing_went_wrong.py",
    "test_policies_match_calls.py",
}

STACK = pytest.StashKey[SharedStack]()
JOURNEYS = pytest.StashKey[JourneysRun]()
BEGUN = pytest.StashKey[float]()


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    with cheap_hashes():
        yield


@pytest.fixture(name="product_costs")
def _product_costs() -> Iterator[None]:
    """Passwords are hashed at the costs that they have outside of tests."""
    with product_costs():
        yield


@pytest.fixture
def aws() -> Iterator[AWS]:
    """An empty mocked account, wired in, with a clock that stands still."""
    with mocked_account() as account:
        yield account


@pytest.fixture
def aws_with_mail() -> Iterator[AWS]:
    """The same where the operator has set up e-mail."""
    with mocked_account(MAIL_FROM=MAIL_FROM) as account:
        yield account


@pytest.fixture(scope="session")
def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedStack]:
    """The whole of Workbill with its cloud and its Xero, started once, on free ports."""
    with shared_stack(tmp_path_factory.mktemp("stack")) as started:
        request.config.stash[STACK] = started
        yield started


@pytest.fixture(scope="session")
def journeys_run(request: pytest.FixtureRequest) -> JourneysRun:
    """Which tests over the stack this session selected, and how they went."""
    return request.config.stash[JOURNEYS]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name in LAST)
    config.stash[JOURNEYS] = JourneysRun.selected(items)


def pytest_runtest_setup(item: pytest.Item) -> None:
    item.stash[BEGUN] = time.time()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Put beside a failure what the functions wrote during that test."""
    report = yield
    item.config.stash[JOURNEYS].record(report)
    running = item.config.stash.get(STACK, None)
    if report.failed and running and "stack" in item.fixturenames and running.is_open:
        # A stack that is going down has told what it had to tell.
        with suppress(BotoCoreError):
            logs = running.logs(since=item.stash[BEGUN])
            report.sections.append(("What the functions wrote", logs))
    return report
