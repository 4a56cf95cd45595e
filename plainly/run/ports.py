"""Ports on this machine: whether one is free, and which ones are."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack

from plainly.errors import PlainlyError


def check_port(host: str, port: int) -> None:
    """Raise PlainlyError when the website cannot listen there, naming the setting to change."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((host, port))
    except OSError as error:
        raise PlainlyError("port_unusable", _why_not(host, port, error), {"host": host, "port": port}) from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65_535 else 8_000
        return f"Port {port} is in use: stop what uses it, or choose another one, as in PLAINLY_PORT={other} make run."
    if error.errno == errno.EACCES:
        return f"Port {port} needs the right to use ports below 1024: choose a higher one with PLAINLY_PORT."
    return f"Plainly cannot listen on {host} ({error.strerror}): set PLAINLY_HOST to an address of this machine."


def free_ports(count: int) -> list[int]:
    """Different ports that nothing listens on at 127.0.0.1."""
    with ExitStack() as held:
        socks = [held.enter_context(socket.socket()) for _ in range(count)]
        for sock in socks:
            sock.bind(("127.0.0.1", 0))
        return [int(sock.getsockname()[1]) for sock in socks]
