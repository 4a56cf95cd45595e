"""Reads a shop's token: who vouches, for whom, and for how long. Pure but for the keys' file.

Every refusal names its reason, so that whoever builds the shop's side can mend it; none says more than the
token itself does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from jwt.exceptions import InvalidAudienceError, InvalidIssuerError, MissingRequiredClaimError, PyJWTError

from plainly.errors import PlainlyError
from plainly.gateway.identity.keys import Key, KeyRing
from plainly.gateway.text import clean_text
from plainly.kb.values import parse_value
from plainly.model import Fact, KnowledgeBase, KnownFact

LONGEST_LIFE = 600
"""Seconds a token may live."""

_LEEWAY = 30
_MOST_CHARACTERS = 8_000
_LONGEST = 200
_TURNS_ROUND = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_REQUIRED = ["iss", "aud", "exp", "sub", "jti"]


@dataclass(frozen=True)
class Expected:
    """Whose tokens count, and for whom they must be meant."""

    issuer: str
    audience: str


@dataclass(frozen=True)
class Vouched:
    """What a token says. `facts` are still as they came."""

    customer: str
    name: str | None
    facts: dict[str, Any]
    jti: str
    expires_at: datetime


def refused(why: str, message: str, **data: str) -> PlainlyError:
    """A token that is not taken. `why` is for programs."""
    return PlainlyError("identity_refused", message, {"why": why, **data})


def read_token(token: str, ring: KeyRing, expected: Expected, now: datetime) -> Vouched:
    """What a token vouches for. Raises PlainlyError `identity_refused`; whether it was used before is seen later."""
    if len(token) > _MOST_CHARACTERS:
        raise refused("too_large", "The token is too large.")
    claims = _claims(token, _key_of(token, ring), expected)
    expires_at = _check_times(claims, now)
    facts = claims.get("facts", {})
    if not isinstance(facts, dict):
        raise refused("wrong_claim", "facts must be an object of fact names and values.", claim="facts")
    return Vouched(
        customer=_exact(claims, "sub"),
        name=None if claims.get("name") is None else _shown(_text(claims, "name")),
        facts=facts,
        jti=_text(claims, "jti"),
        expires_at=expires_at,
    )


def _key_of(token: str, ring: KeyRing) -> Key:
    try:
        header = jwt.get_unverified_header(token)
    except (PyJWTError, ValueError, RecursionError):
        raise refused("unreadable", "This is not a signed token.") from None
    kid = header.get("kid")
    key = ring.find(kid) if isinstance(kid, str) else None
    if key is None:
        raise refused("unknown_key", "The token names no key that is known here. Its header needs the kid of one.")
    if header.get("alg") != key.algorithm:
        raise refused("wrong_algorithm", f"This key signs with {key.algorithm} only.")
    return key


def _claims(token: str, key: Key, expected: Expected) -> dict[str, Any]:
    # Times are checked against our own clock, below.
    options: Any = {"require": _REQUIRED, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    options |= {"verify_sub": False, "verify_jti": False}
    try:
        return jwt.decode(
            token,
            key.material,
            algorithms=[key.algorithm],
            audience=expected.audience,
            issuer=expected.issuer,
            options=options,
        )
    except MissingRequiredClaimError as wrong:
        raise refused("missing_claim", f"The token lacks {wrong.claim}.", claim=wrong.claim) from None
    except InvalidAudienceError:
        raise refused("wrong_audience", "The token is meant for somebody else.") from None
    except InvalidIssuerError:
        raise refused("wrong_issuer", "The token comes from somebody else.") from None
    except (PyJWTError, ValueError, TypeError, RecursionError):
        raise refused("bad_signature", "The token's signature does not fit its key.") from None


def _check_times(claims: dict[str, Any], now: datetime) -> datetime:
    moment = now.timestamp()
    expires = _seconds(claims, "exp")
    begins = [_seconds(claims, name) for name in ("iat", "nbf") if name in claims]
    if expires <= moment - _LEEWAY:
        raise refused("expired", "The token has run out. Ask for a new one.")
    if any(begin > moment + _LEEWAY for begin in begins):
        raise refused("not_yet", "The token is not valid yet. Compare the clocks of both machines.")
    if expires - min([moment + _LEEWAY, *begins]) > LONGEST_LIFE:
        raise refused("lives_too_long", f"A token may live for {LONGEST_LIFE} seconds at most.")
    return datetime.fromtimestamp(expires + _LEEWAY, UTC)


def _seconds(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        raise refused("wrong_claim", f"{name} must be a number of seconds since 1970.", claim=name)
    return float(value)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST:
        raise refused("wrong_claim", f"{name} must be a text of 1 to {_LONGEST} characters.", claim=name)
    return value


def _exact(claims: dict[str, Any], name: str) -> str:
    """Tells one customer from another, so it is taken as it is or not at all."""
    value = _text(claims, name)
    if _shown(value) != value:
        raise refused("wrong_claim", f"{name} has characters that cannot be kept as they are.", claim=name)
    return value


def _shown(name: str) -> str:
    """Safe to show beside other words: one line, nothing that turns them round. Empty when nothing is left."""
    try:
        return " ".join(clean_text(_TURNS_ROUND.sub("", name)).split())
    except PlainlyError:
        return ""


def vouched_facts(given: dict[str, Any], kb: KnowledgeBase) -> dict[str, KnownFact]:
    """The facts a token vouches for, as the folder declares them. Raises PlainlyError `identity_refused`."""
    return {name: KnownFact(name, _value(name, value, kb), source="record") for name, value in given.items()}


def _value(name: str, value: Any, kb: KnowledgeBase) -> Any:
    fact = kb.facts.get(name)
    if fact is None:
        raise refused("unknown_fact", f"The policy folder declares no fact {name[:60]!r}.", fact=name[:60])
    try:
        return parse_value(fact, _written(value, fact))
    except PlainlyError as wrong:
        raise refused("wrong_fact", f"The fact {name!r} is wrong. {wrong.message}", fact=name) from None


def _written(value: Any, fact: Fact) -> str:
    """A JSON value as it would be written in the folder."""
    if isinstance(value, bool) and fact.type == "yes_no":
        return "yes" if value else "no"
    if isinstance(value, str) and len(value) <= 200 and ".." not in value:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and fact.type in ("number", "money"):
        return f"{value}"
    raise PlainlyError("bad_value", "Write it as a text, a number, or true or false.")
