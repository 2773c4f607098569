"""One sandbox of twelve stores for all tests that only read from it or use stores of their own choosing."""

from collections.abc import Iterator

import pytest

from storeward_sandbox.lazada.tests.support import Running, running


@pytest.fixture(scope="session")
def world() -> Iterator[Running]:
    with running(stores=12, seed=1, rate_limit=1000) as found:
        yield found
