"""Speaks Rasa's side of the wire with the real engine: "!decide I got it..." makes the move `decide`.

Run as a process: `python engine_peer.py FOLDER CACHE`; prints the port it listens on.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).parents[3]))

from plainly.turn import Engine, open_engine
from plainly.turn.wire import case_from_json, reply_to_json

ACTS = {"decide": "ask_eligibility", "soften": "pushback", "hand_over": "ask_human", "small_talk": "greet"}
CALLS: list[dict[str, Any]] = []
LOCK = threading.Lock()
ENGINE: list[Engine] = []
BROKEN = threading.Event()


class Peer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/calls":
            sender = parse_qs(url.query)["sender"][0]
            self._send(200, [call for call in CALLS if call["sender"].startswith(sender)])
        elif url.path == "/broken":
            (BROKEN.set if url.query == "yes" else BROKEN.clear)()
            self._send(200, {})
        else:
            self._send(200, {"status": "ok"})

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with LOCK:
            CALLS.append(call)
            if BROKEN.is_set():
                self._send(400, {"error": {"code": "down", "message": "down"}})
                return
            self._send(200, answer(call))

    def _send(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def answer(call: dict[str, Any]) -> dict[str, Any]:
    move, text = "answer", call["text"]
    if text.startswith("!"):
        move, _, text = text[1:].partition(" ")
    act = call["act"] or ACTS.get(move, "ask_policy")
    case = case_from_json(call["metadata"]["case"], text=text or " ", act=act)
    reply = reply_to_json(ENGINE[0].reply(case, move))
    return {"message_id": call["message_id"], "act": act, "confidence": 0.95, "reply": reply}


if __name__ == "__main__":
    ENGINE.append(open_engine(Path(sys.argv[1]), Path(sys.argv[2])))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    print(server.server_address[1], flush=True)
    server.serve_forever()
