"""What Prometheus reads at /metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15)

MESSAGES = Counter("plainly_messages", "Customer messages taken.", registry=REGISTRY)
CONVERSATIONS = Counter("plainly_conversations", "Conversations opened.", registry=REGISTRY)
TURNS = Counter("plainly_turns", "Turns by what came of them.", ["outcome"], registry=REGISTRY)
TURN_SECONDS = Histogram(
    "plainly_turn_seconds", "From taking a turn to its stored reply.", buckets=_SECONDS, registry=REGISTRY
)
REFUSED = Counter("plainly_refused", "Requests refused by a rate limit.", ["limit"], registry=REGISTRY)
SOCKETS = Gauge("plainly_sockets", "Open live connections.", registry=REGISTRY)
WAITING = Gauge("plainly_waiting", "Conversations that wait for a person.", registry=REGISTRY)
