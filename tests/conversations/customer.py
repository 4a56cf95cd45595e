"""A customer at the API: sends words and taps, waits for the answer, and checks what came."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

import httpx

from tests import web

ANSWER_SECONDS = 45
"""How long an answer may take while a killed process comes back."""


class Mismatch(AssertionError):
    """What came is not what the conversation says; the message tells both."""


class Customer:
    """One conversation over the customer API, from the first word to the last."""

    def __init__(self, url: str) -> None:
        self.http = web.Client(base_url=url, timeout=30)
        started = self.http.post("/api/v1/conversations").raise_for_status().json()
        self.http.headers["Authorization"] = f"Bearer {started['token']}"
        self.id = str(started["id"])
        self.path = f"/api/v1/conversations/{self.id}/messages"
        self.seq = int(started["seq"])
        self.owner = "bot"
        self.replies: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self.outcome: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def send(self, body: dict[str, Any]) -> httpx.Response:
        """Sends one message and keeps its place in the conversation."""
        self.lines.append(f"> {body.get('text') or '[' + str(body.get('button')) + ']'}"[:400])
        answer = self.http.post(self.path, json={"id": uuid.uuid4().hex, **body})
        if answer.is_success:
            self.seq = max(self.seq, int(answer.json()["seq"]))
        return answer

    def hear(self, expected: int = 1) -> list[dict[str, Any]]:
        """Waits for the answer to what was sent; with `expected` 0 makes sure that none comes."""
        heard: list[dict[str, Any]] = []
        wait, left = (3, 1) if expected == 0 else (10, ANSWER_SECONDS // 10 + 1)
        while left and len(heard) < max(expected, 1):
            left -= 1
            found = self._poll(wait)
            self.owner = found["owner"]
            new = [message for message in found["messages"] if message["author"] != "customer"]
            self.seq = max([self.seq, *(message["seq"] for message in found["messages"])])
            heard += new
        self.replies = heard
        self.lines += [
            f"< ({message['status']}) {message['text']} {[b['label'] for b in message.get('buttons') or []]}"
            for message in heard
        ]
        return heard

    def _poll(self, wait: int) -> dict[str, Any]:
        """What came since; a gateway that was killed is waited for."""
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                answer = self.http.get(self.path, params={"after": self.seq, "wait": wait})
                answer.raise_for_status()
                return dict(answer.json())
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def all_answers(self) -> list[dict[str, Any]]:
        """Every message of the conversation that is not the customer's own."""
        found = self.http.get(self.path, params={"after": 0}).raise_for_status().json()["messages"]
        return [message for message in found if message["author"] != "customer"]

    def button(self, label: str) -> str:
        """The id of a button of the last reply."""
        offered = {button["label"]: button["id"] for reply in self.replies for button in reply.get("buttons") or []}
        if label not in offered:
            raise Mismatch(f"there is no button “{label}”; there are {sorted(offered)}")
        return str(offered[label])

    def transcript(self) -> str:
        """What was said so far."""
        return "\n".join(self.lines)


def play(customer: Customer, turn: dict[str, Any], kill: Callable[[str], None]) -> None:
    """One turn of a script: sends it and checks what comes back; raises Mismatch."""
    if "kill" in turn:
        kill(turn["kill"])
    body = {"button": customer.button(turn["tap"])} if "tap" in turn else {"text": _text(turn["customer"])}
    answer = customer.send(body)
    if "kill_during" in turn:
        kill(turn["kill_during"])
    if "error" in turn:
        _expect(answer.status_code == turn["error"], f"the API answered {answer.status_code}: {answer.text[:300]}")
        _expect(set(answer.json()) == {"error"}, "an error has one shape")
        return
    _expect(answer.is_success, f"the API answered {answer.status_code}: {answer.text[:300]}")
    replies = customer.hear(turn.get("replies", 1))
    if turn.get("replies") == 0:
        _expect(not replies, f"nobody should answer, but: {replies}")
        return
    _expect(bool(replies), "no answer came")
    _check(customer, turn, replies[-1])


class Acts(Protocol):
    """Somebody at the desk."""

    def do(self, conversation: str, act: str | dict[str, Any]) -> None:
        """One thing, by the name a script gives it."""


def play_staff(customer: Customer, turn: dict[str, Any], staff: Acts) -> None:
    """What staff do in a turn of a script, and all that the customer then reads of it."""
    for act in turn["staff"]:
        staff.do(customer.id, act)
    heard = customer.hear(turn.get("replies", 1))
    told = {**heard[-1], "text": "\n".join(message["text"] for message in heard)}
    _check(customer, turn, told)


def _check(customer: Customer, turn: dict[str, Any], reply: dict[str, Any]) -> None:
    text = reply["text"].lower()
    _expect(
        reply["status"] in _list(turn.get("status", reply["status"])),
        f"status {reply['status']}, not {turn.get('status')}",
    )
    for phrase in _list(turn.get("says", [])):
        _expect(phrase.lower() in text, f"it does not say “{phrase}”")
    for phrase in _list(turn.get("not_says", [])):
        _expect(phrase.lower() not in text, f"it says “{phrase}”")
    cited = {f"{citation['policy']} {citation['clause']}" for citation in reply["citations"] or []}
    for citation in _list(turn.get("cites", [])):
        _expect(citation in cited, f"it cites {sorted(cited)}, not {citation}")
    labels = {button["label"] for button in reply.get("buttons") or []}
    for label in _list(turn.get("buttons", [])):
        _expect(label in labels, f"there is no button “{label}” among {sorted(labels)}")
    if "answers" in turn:
        count = len(customer.all_answers())
        _expect(count == turn["answers"], f"{count} answers in all, not {turn['answers']}")
    if "owner" in turn:
        _expect(customer.owner == turn["owner"], f"{customer.owner} owns it, not {turn['owner']}")
    _check_outcome(customer, turn, reply)


def _check_outcome(customer: Customer, turn: dict[str, Any], reply: dict[str, Any]) -> None:
    outcome = (reply.get("receipt") or {}).get("outcome")
    if turn.get("decision_same"):
        _expect(outcome in (None, customer.outcome), f"the decision changed from {customer.outcome} to {outcome}")
    customer.outcome = outcome or customer.outcome


def _text(words: Any) -> str:
    """The words as written; `{repeat: x, times: n}` stands for very long ones."""
    return str(words["repeat"]) * int(words["times"]) if isinstance(words, dict) else str(words)


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _expect(held: bool, otherwise: str) -> None:
    if not held:
        raise Mismatch(otherwise)
