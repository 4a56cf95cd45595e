"""Agents at the shared gateway's desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from plainly.store import Store
from tests.gateway.console.desks import Agent, in_queue
from tests.gateway.processes import Customer, GatewayProcess

Hire = Callable[..., Agent]


@pytest.fixture
def hire(gateway: GatewayProcess, tables: Store) -> Iterator[Hire]:
    """Makes members of staff who are signed in: `hire("Ann", role="supervisor", team="care")`."""
    hired: list[Agent] = []

    def one(name: str = "Sam", **given: Any) -> Agent:
        hired.append(Agent(gateway, tables, name=name, **given))
        return hired[-1]

    yield one
    for agent in hired:
        agent.close()


@pytest.fixture
def sam(hire: Hire) -> Agent:
    return hire("Sam")


@pytest.fixture
def ann(hire: Hire) -> Agent:
    return hire("Ann")


@pytest.fixture
def eve(hire: Hire) -> Agent:
    return hire("Eve", role="supervisor")


@pytest.fixture
def waiting(gateway: GatewayProcess) -> Customer:
    """A customer in the queue."""
    return in_queue(gateway)
