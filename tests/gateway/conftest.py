"""One gateway and one scripted peer for the session, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plainly.store import Store
from tests.gateway.processes import Customer, GatewayProcess, StandInRasa, running
from tests.store.databases import KINDS, drop_database, fresh_database


@pytest.fixture(scope="session")
def rasa() -> Iterator[StandInRasa]:
    peer = StandInRasa()
    yield peer
    peer.end()


@pytest.fixture(scope="session", params=KINDS)
def shared_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    address = fresh_database(request.param, tmp_path_factory.mktemp("shared"))
    yield address
    drop_database(address)


@pytest.fixture(scope="session")
def gateway(
    shared_database: str, rasa: StandInRasa, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayProcess]:
    log = tmp_path_factory.mktemp("gateway") / "log"
    with running(GatewayProcess(shared_database, rasa.url, log)) as gateway:
        yield gateway


@pytest.fixture
def tables(shared_database: str, gateway: GatewayProcess) -> Iterator[Store]:
    """The running gateway's own tables, to look into and to act as staff."""
    assert gateway.process.poll() is None
    store = Store(shared_database)
    yield store
    store.close()


@pytest.fixture
def customer(gateway: GatewayProcess) -> Customer:
    return Customer(gateway)
