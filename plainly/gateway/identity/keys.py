"""The keys a shop signs with: a JWKS file, read again whenever it changes.

Each key serves one algorithm only, whatever a token claims, so that a public key can never pass for a secret.
A file that turns bad gives no keys at all: a key taken out because it leaked must not live on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from plainly.errors import PlainlyError

log = structlog.get_logger(__name__)

_ALGORITHMS: Mapping[str, str] = {"oct": "HS256", "RSA": "RS256", "OKP": "EdDSA"}
_LEAST_BITS = {"HS256": 256, "RS256": 2048, "EdDSA": 256}
_MOST_KEYS = 50
_SHAPE = 'It must hold {"keys": [{"kid": ..., "kty": ..., ...}]}, as RFC 7517 has it.'


@dataclass(frozen=True)
class Key:
    """A key and the one algorithm it may be used with. `material` is what pyjwt verifies with."""

    kid: str
    algorithm: str
    material: Any


def read_keys(text: str) -> dict[str, Key]:
    """The keys of a JWKS document by their ids. Raises PlainlyError `wrong_keys` and says what to do."""
    try:
        entries = json.loads(text)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _wrong(_SHAPE) from None
    if not isinstance(entries, list) or not 1 <= len(entries) <= _MOST_KEYS:
        raise _wrong(f"It must hold 1 to {_MOST_KEYS} keys. {_SHAPE}")
    keys = [_read_key(entry, place) for place, entry in enumerate(entries, 1)]
    found = {key.kid: key for key in keys}
    if len(found) < len(keys):
        raise _wrong("Two keys have the same kid. Give each key a kid of its own.")
    return found


def _read_key(entry: Any, place: int) -> Key:
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or not entry["kid"]:
        raise _wrong(f"Key {place} needs a kid: a text that names it.")
    named = f"The key {entry['kid']!r}"
    algorithm = _ALGORITHMS.get(str(entry.get("kty")))
    if algorithm is None or entry.get("alg", algorithm) != algorithm or entry.get("crv", "Ed25519") != "Ed25519":
        raise _wrong(f"{named} must be of kty oct (HS256), RSA (RS256) or OKP with crv Ed25519 (EdDSA).")
    if "d" in entry:
        raise _wrong(f"{named} is a private key. Put only its public half here; the private half stays with the shop.")
    try:
        material = PyJWK(entry, algorithm).key
    except (PyJWTError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise _wrong(f"{named} cannot be read: {wrong!r}.") from None
    if _bits(material, algorithm) < _LEAST_BITS[algorithm]:
        raise _wrong(f"{named} is too short: {algorithm} needs at least {_LEAST_BITS[algorithm]} bits.")
    return Key(entry["kid"], algorithm, material)


def _bits(material: Any, algorithm: str) -> int:
    if algorithm == "HS256":
        return 8 * len(material)
    return int(material.key_size) if algorithm == "RS256" else 256


def _wrong(message: str) -> PlainlyError:
    return PlainlyError("wrong_keys", f"The file of PLAINLY_IDENTITY_KEYS is wrong. {message}")


class KeyRing:
    """The keys of one file as it is now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: str | None = None
        self._keys: dict[str, Key] = {}
        self._stamp: tuple[int, int, int] | None = None

    def find(self, kid: str) -> Key | None:
        """The key with this id, after a look whether the file has changed."""
        self._refresh()
        return self._keys.get(kid)

    def _refresh(self) -> None:
        try:
            stat = self.path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if stamp == self._stamp:
                return
            keys, problem = read_keys(self.path.read_text(encoding="utf-8")), None
        except (OSError, UnicodeDecodeError) as wrong:
            keys, problem, stamp = {}, f"{self.path} cannot be read: {wrong}", None
        except PlainlyError as wrong:
            keys, problem = {}, wrong.message
        if problem and problem != self.problem:
            log.error("identity_keys_refused", problem=problem)
        self._keys, self.problem, self._stamp = keys, problem, stamp


@cache
def ring_at(path: Path) -> KeyRing:
    """The one key ring of this process for a file."""
    return KeyRing(path)
