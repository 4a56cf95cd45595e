"""Passwords: kept as argon2id hashes, compared in the same time whether or not there is an account."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from plainly.errors import PlainlyError

SHORTEST, LONGEST = 12, 1_024
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4


@cache
def hasher() -> PasswordHasher:
    """The parameters of today, those of the library: argon2id, 64 MiB, three passes."""
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return hasher().hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return hasher().hash(_bytes(password))


def is_password(kept: str | None, password: str) -> bool:
    """Whether this is the password. Without an account it takes the same time and says no."""
    nobodys = _nobodys()
    try:
        hasher().verify(kept or nobodys, _bytes(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(password) <= LONGEST


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return hasher().check_needs_rehash(kept)


def check_new(password: str, login: str) -> None:
    """Raises PlainlyError `weak_password` that says what it lacks."""
    normal = _normal(password)
    if not SHORTEST <= len(normal) <= LONGEST:
        raise PlainlyError(
            "weak_password",
            f"A password has at least {SHORTEST} characters; three or four words do well.",
            {"shortest": SHORTEST},
        )
    if len(set(normal)) < 5 or normal.lower().replace(login.lower(), "").strip("0123456789 .-_!") == "":
        raise PlainlyError(
            "weak_password",
            "This password is too easy to guess. Three or four words do well.",
            {"shortest": SHORTEST},
        )


def new_password() -> str:
    """A random one that can be read out and typed: four groups of four letters and digits, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(_GROUPS))


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "replace")


def _normal(password: str) -> str:
    """The same letters whatever keyboard typed them."""
    return unicodedata.normalize("NFKC", password)
