"""What tests of several rooms share: one engine and one running assistant per session."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping

import pytest

from plainly.run import ROOT
from plainly.run.stack import Stack
from plainly.run.training import train_if_needed
from plainly.turn import Engine, open_engine
from tests.rasa_parts.lone_rasa import LoneRasa


def pytest_configure() -> None:
    """Ctrl-C reaches what the tests start, also where a shell began them in the background with Ctrl-C ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Tests of the running assistant go to one worker, those of the browser alone to another: each is started once."""
    if item.get_closest_marker("stack") or "stack" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.xdist_group("stack"))
    elif item.get_closest_marker("browser"):
        item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The shipped folder, ready to answer from without Rasa."""
    return open_engine(ROOT / "policies_kb", ROOT / "var" / "cache")


@pytest.fixture(scope="session")
def stack_env() -> Mapping[str, str]:
    """The PLAINLY_ settings of the shared assistant; a folder of tests may override this fixture."""
    return {}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, stack_env: Mapping[str, str]) -> Iterator[Stack]:
    """The running assistant: real gateway, real Rasa, real actions, on free ports, with a database of its own."""
    train_if_needed(ROOT)
    with Stack(var=tmp_path_factory.mktemp("stack"), env=stack_env) as stack:
        stack.wait_ready()
        yield stack


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoneRasa]:
    """The real Rasa process with actions that echo: for what can be seen without gateway and engine."""
    train_if_needed(ROOT)
    with LoneRasa(tmp_path_factory.mktemp("rasa")) as rasa:
        rasa.wait_ready()
        yield rasa
