"""What people need to take over: who owns a conversation, when they are there, what they must know."""

from plainly.desk.hours import is_open, next_opening, open_minutes
from plainly.desk.machine import (
    BOT,
    CLOSED,
    QUEUE,
    BotReplied,
    Claimed,
    Conversation,
    CustomerWrote,
    Escalated,
    Event,
    HandedBack,
    NotAllowed,
    Resolved,
    Transferred,
    agent,
    agent_of,
    move,
)
from plainly.desk.packet import Said, packet
from plainly.desk.queue import REASONS, desk_state, honest_wait

__all__ = [
    "BOT",
    "CLOSED",
    "QUEUE",
    "REASONS",
    "BotReplied",
    "Claimed",
    "Conversation",
    "CustomerWrote",
    "Escalated",
    "Event",
    "HandedBack",
    "NotAllowed",
    "Resolved",
    "Said",
    "Transferred",
    "agent",
    "agent_of",
    "desk_state",
    "honest_wait",
    "is_open",
    "move",
    "next_opening",
    "open_minutes",
    "packet",
]
