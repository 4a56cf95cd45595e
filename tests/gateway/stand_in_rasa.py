"""Speaks Rasa's side of the wire for the gateway's tests: what it answers is scripted by the customer's words.

Run as a process: `python stand_in_rasa.py`; prints the port it listens on.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

CALLS: list[dict[str, Any]] = []
TRIES: Counter[tuple[str, str]] = Counter()
LOCK = threading.Lock()


class StandIn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/calls":
            sender = parse_qs(url.query)["sender"][0]
            self._send(200, [call for call in CALLS if call["sender"] == sender])
            return
        self._send(200, {"status": "ok"})

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        call["authorization"] = self.headers["Authorization"]
        with LOCK:
            CALLS.append({**call, "at": time.time()})
            key = (call["sender"], call["message_id"])
            TRIES[key] += 1
            tries = TRIES[key]
        status, body = _answer(call, tries)
        self._send(status, body)

    def _send(self, status: int, body: Any) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def _answer(call: dict[str, Any], tries: int) -> tuple[int, Any]:
    text = call["text"]
    word, _, rest = text.partition(" ")
    if word == "slow":
        time.sleep(float(rest.split()[0]))
    if word == "flaky" and tries <= int(rest):
        return 503, {"error": {"code": "busy", "message": "try again"}}
    if word == "broken":
        return 400, {"error": {"code": "bad", "message": "not a message"}}
    if word == "down":
        return 503, {"error": {"code": "down", "message": "down"}}
    if word == "junk":
        return 200, b"<html>not json"
    if word == "empty":
        return 200, {"message_id": call["message_id"], "reply": {"text": "", "status": "answered"}}
    return 200, {
        "message_id": call["message_id"],
        "act": rest.split()[0] if word == "act" else "ask_policy",
        "confidence": 0.9,
        "reply": _reply(call, word, rest),
    }


def _reply(call: dict[str, Any], word: str, rest: str) -> dict[str, Any]:
    context = call["metadata"]["case"]["context"]
    turns = context.get("turns", 0) + 1
    reply: dict[str, Any] = {
        "status": "answered",
        "text": f"Turn {turns}: {call['text']}",
        "parts": [],
        "context": {"turns": turns, "question": call["text"], "awaiting": "nothing", "pushbacks": 1, "tones": ["calm"]},
        "buttons": [],
        "citations": [{"policy": "returns", "clause": "2.1"}],
        "decision": None,
        "receipt": None,
        "asked": None,
        "effects": [],
        "passages": [],
        "confidence": 0.9,
    }
    return _scripted(reply, call, word, rest)


def _scripted(reply: dict[str, Any], call: dict[str, Any], word: str, rest: str) -> dict[str, Any]:
    case = call["metadata"]["case"]
    if word == "buttons":
        meaning: dict[str, Any] = {"act": "inform", "facts": {"condition": "unopened"}, "choice": "condition:unopened"}
        reply["buttons"] = [{"label": "Unopened", **meaning}, {"label": "Talk to a person", "act": "ask_human"}]
    if word == "escalate":
        packet: dict[str, Any] = {"wants": "to return a kettle", "offered": ["exchange"]}
        reply["effects"] = [{"do": "escalate", "reason": rest or "asked", "packet": packet}]
        reply["status"] = "escalated"
        reply["context"]["awaiting"] = "nothing" if case["desk"]["open"] else "contact"
    if word == "decide":
        receipt: dict[str, Any] = {"id": "r-1", "policy": "returns", "version": "v1", "decision": "returns.can_return"}
        receipt |= {
            "clauses": ["2.1"],
            "facts": {"condition": "unopened"},
            "outcome": "accepted",
            "as_of": "2026-10-01",
        }
        reply |= {"receipt": receipt, "status": "decided_yes", "decision": {"trace": {"rows": []}, "receipt": receipt}}
    if word == "act":
        reply["status"] = rest.split()[1]
    if word == "record":
        reply["effects"] = [{"do": "record", "kind": rest, "data": {"question": "what"}}]
    if word == "grant":
        left = case["levers_left"].get("returns.one_more_week", 2)
        if left > 0:
            grant = {"policy": "returns", "lever": "one_more_week", "amount": "7 days", "reason": "asked nicely"}
            reply["effects"] = [{"do": "grant", **grant}]
        reply["text"] = "Granted." if left > 0 else "Nothing left."
    if word == "greedy":
        policy, _, lever = (rest or "returns.one_more_week").partition(".")
        grant = {"policy": policy, "lever": lever, "amount": "7 days", "reason": "again"}
        reply["effects"] = [{"do": "grant", **grant}]
    return reply


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    print(server.server_address[1], flush=True)
    server.serve_forever()
