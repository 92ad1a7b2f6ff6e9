"""Fixtures that any test may ask for."""

from collections.abc import Iterator

import pytest

from tests.support.aws import AWS, mocked_account


@pytest.fixture
def aws() -> Iterator[AWS]:
    """An empty mocked account, wired in, with a clock that stands still."""
    with mocked_account() as account:
        yield account
