"""One sandbox of nine shops for all tests that only read from it or use shops of their own choosing."""

from collections.abc import Iterator

import pytest

from storeward_sandbox.douyin.tests.support import Running, running


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Running]:
    with running(stores=9, seed=1, rate_limit=1000) as found:
        yield found
