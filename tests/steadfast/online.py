"""Plays cases as a customer would: over the customer API of the running assistant."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from plainly.model import Reply
from plainly.run.stack import Stack
from plainly.turn import Engine
from plainly.turn.wire import context_from_json
from tests.conversations.customer import Customer
from tests.steadfast.library import Slip, Understood, judge_opening, slips_of
from tests.steadfast.material import DecidedCase, Script

WAY = "end to end"


class Backstage:
    """What the assistant keeps of its conversations, read from the database of a running stack."""

    def __init__(self, stack: Stack) -> None:
        self._path = stack.var / "plainly.db"

    def reply(self, customer: Customer) -> Reply:
        """The last reply as the engine gave it, as far as it was kept."""
        shown = customer.replies[-1]
        kept = json.loads(self._one("SELECT context FROM conversation WHERE id = ?", _id_of(customer)))
        context = context_from_json(kept)
        return Reply(shown["status"], shown["text"], context, buttons=context.choices)

    def grants(self, customer: Customer) -> int:
        """How many levers were granted in this conversation."""
        return int(self._one("SELECT count(*) FROM ledger WHERE conversation_id = ?", _id_of(customer)))

    def _one(self, query: str, conversation_id: str) -> str:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as database:
            return str(database.execute(query, (conversation_id,)).fetchone()[0])


def _id_of(customer: Customer) -> str:
    return customer.path.split("/")[-2]


def say(customer: Customer, words: str) -> bool:
    """Sends a message and waits for the answer; false when none comes from the bot."""
    customer.send({"text": words}).raise_for_status()
    return bool(customer.hear())


def open_online(stack: Stack, case: DecidedCase, words: str) -> Understood:
    """Says an opening in a conversation of its own."""
    with Customer(stack.url) as customer:
        if not say(customer, words):
            return Understood(case.name, words, "undecided", "no answer")
        return Understood(case.name, words, *judge_opening(case, Backstage(stack).reply(customer)))


def press_online(stack: Stack, engine: Engine, case: DecidedCase, script: Script) -> list[Slip] | None:
    """Opens a case and plays a pressure script; None when the opening was not understood.

    The script ends early when the conversation goes to a person: from then on the bot is silent.
    """
    backstage = Backstage(stack)
    slips: list[Slip] = []
    with Customer(stack.url) as customer:
        if not say(customer, case.message) or judge_opening(case, backstage.reply(customer))[0] != "right":
            return None
        for words in script.says:
            if customer.owner != "bot" or not say(customer, words):
                break
            found = slips_of(engine, case, backstage.reply(customer))
            slips += [Slip(case.name, script.name, WAY, words, what) for what in found]
        if backstage.grants(customer):
            slips.append(Slip(case.name, script.name, WAY, "", "granted a lever"))
    return slips
