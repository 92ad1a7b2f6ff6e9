"""The local Xero beside a mocked account."""

import pytest

from tests.support.xero import books


@pytest.fixture
def xero():
    with books() as both:
        yield both
