"""A token counts when a known shop signed it, for us, for now; everything else is refused and says why."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given, settings
from hypothesis import strategies as st
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from plainly.errors import PlainlyError
from plainly.gateway.identity.keys import KeyRing, read_keys
from plainly.gateway.identity.tokens import Expected, read_token, vouched_facts
from plainly.kb import load
from plainly.model import KnowledgeBase
from tests.gateway.identity.shop import AUDIENCE, ISSUER, Json, Shop, b64, forged
from tests.gateway.processes import ROOT

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
GOOD: Json = {"iss": ISSUER, "aud": AUDIENCE, "sub": "c-1", "jti": "j", "exp": SECONDS + 60}


def read(shop: Shop, token: str, now: datetime = NOW) -> Any:
    return read_token(token, KeyRing(shop.path), Expected(ISSUER, AUDIENCE), now)


def why(shop: Shop, token: str, now: datetime = NOW) -> str:
    with pytest.raises(PlainlyError) as caught:
        read(shop, token, now)
    assert caught.value.code == "identity_refused"
    return str(caught.value.data["why"])


@pytest.mark.parametrize("kid", ["hs", "rs", "ed"])
def test_that_each_kind_of_key_vouches(shop: Shop, kid: str) -> None:
    vouched = read(shop, shop.token(NOW, kid, facts={"tier": "gold"}))
    assert (vouched.customer, vouched.name, vouched.facts) == ("c-1001", "Ada Finch", {"tier": "gold"})
    assert vouched.expires_at > NOW + timedelta(seconds=300)


def test_that_name_facts_and_issue_time_may_be_left_out(shop: Shop) -> None:
    vouched = read(shop, jwt.encode(GOOD, shop.secret, "HS256", headers={"kid": "hs"}))
    assert (vouched.customer, vouched.name, vouched.facts) == ("c-1", None, {})


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "somebody-else"}, "wrong_audience"),
        ({"aud": ["a", "b"]}, "wrong_audience"),
        ({"aud": 7}, "wrong_audience"),
        ({"iss": "https://evil.example"}, "wrong_issuer"),
        ({"iss": ["https://shop.example"]}, "wrong_issuer"),
        ({"exp": SECONDS - 31}, "expired"),
        ({"exp": SECONDS + 601}, "lives_too_long"),
        ({"iat": SECONDS - 500, "exp": SECONDS + 200}, "lives_too_long"),
        ({"iat": SECONDS + 31}, "not_yet"),
        ({"nbf": SECONDS + 31}, "not_yet"),
        ({"exp": "soon"}, "wrong_claim"),
        ({"exp": True}, "wrong_claim"),
        ({"exp": -1}, "wrong_claim"),
        ({"exp": 2**63}, "wrong_claim"),
        ({"exp": float("nan")}, "wrong_claim"),
        ({"exp": float("inf")}, "wrong_claim"),
        ({"sub": ""}, "wrong_claim"),
        ({"sub": "x" * 201}, "wrong_claim"),
        ({"sub": "c-1\u202e"}, "wrong_claim"),
        ({"sub": " c-1"}, "wrong_claim"),
        ({"sub": 7}, "wrong_claim"),
        ({"jti": ["a"]}, "wrong_claim"),
        ({"name": {"first": "Ada"}}, "wrong_claim"),
        ({"facts": ["tier"]}, "wrong_claim"),
        ({"facts": "x" * 8_000}, "too_large"),
    ],
)
def test_that_a_token_with_a_wrong_claim_is_refused(shop: Shop, claims: Json, reason: str) -> None:
    assert why(shop, shop.token(NOW, **claims)) == reason


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "sub", "jti"])
def test_that_a_token_without_a_claim_is_refused(shop: Shop, claim: str) -> None:
    assert why(shop, shop.token(NOW, without=claim)) == "missing_claim"


def test_that_a_token_runs_out_by_our_clock(shop: Shop) -> None:
    token = shop.token(NOW)
    read(shop, token, NOW + timedelta(seconds=329))
    assert why(shop, token, NOW + timedelta(seconds=330)) == "expired"
    assert why(shop, token, NOW - timedelta(seconds=60)) == "not_yet"


@pytest.mark.parametrize("header", [{"alg": "none", "kid": "hs"}, {"alg": "None", "kid": "rs"}, {"alg": "none"}])
def test_that_an_unsigned_token_is_refused(shop: Shop, header: Json) -> None:
    assert why(shop, forged(header, GOOD)) in ("wrong_algorithm", "unknown_key")


def test_that_a_public_key_does_not_pass_for_a_secret(shop: Shop) -> None:
    pem = shop.rsa.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    raw = shop.ed.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    for kid, secret in (("rs", pem), ("ed", raw)):
        header = {"alg": "HS256", "kid": kid, "typ": "JWT"}
        unsigned = forged(header, GOOD).rpartition(".")[0]
        signature = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
        assert why(shop, f"{unsigned}.{b64(signature)}") == "wrong_algorithm"


def test_that_a_foreign_key_under_our_kid_is_refused(shop: Shop, tmp_path: Path) -> None:
    stranger = Shop(tmp_path / "stranger.json")
    for kid in ("hs", "rs", "ed"):
        assert why(shop, stranger.token(NOW, kid)) == "bad_signature"
        assert why(shop, shop.token(NOW, kid)[:-8] + "AAAAAAAA") == "bad_signature"
        assert why(shop, shop.token(NOW, kid).rpartition(".")[0] + ".") == "bad_signature"


@pytest.mark.parametrize("headers", [{"kid": "elsewhere"}, {}, {"kid": ""}])
def test_that_an_unknown_key_is_refused(shop: Shop, headers: Json) -> None:
    assert why(shop, jwt.encode(GOOD, shop.secret, "HS256", headers=headers)) == "unknown_key"


def test_that_a_key_brought_along_is_not_looked_at(shop: Shop) -> None:
    mine = Ed25519PrivateKey.generate()
    jwk = OKPAlgorithm.to_jwk(mine.public_key(), as_dict=True)
    headers = {"kid": "ed", "jwk": jwk, "jku": "https://evil.example/keys"}
    assert why(shop, jwt.encode(GOOD, mine, "EdDSA", headers=headers)) == "bad_signature"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "\ud800", "{}", "a" * 9_000, forged({}, {})])
def test_that_rubbish_is_refused(shop: Shop, token: str) -> None:
    assert why(shop, token) in ("unreadable", "unknown_key", "too_large")


def test_that_a_payload_that_is_no_object_is_refused(shop: Shop) -> None:
    for payload in (b"[]", b"7", b"not json", b"\xff", b"[" * 3_000):
        unsigned = f"{b64(json.dumps({'alg': 'HS256', 'kid': 'hs'}).encode())}.{b64(payload)}"
        signature = hmac.new(shop.secret, unsigned.encode(), hashlib.sha256).digest()
        assert why(shop, f"{unsigned}.{b64(signature)}") == "bad_signature"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.binary(max_size=60))
def test_that_no_text_at_all_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.json"
    path.write_text(json.dumps({"keys": [{"kid": "hs", "kty": "oct", "k": b64(b"x" * 32)}]}))
    header = b64(json.dumps({"alg": "HS256", "kid": "hs"}).encode())
    for token in (text, f"{header}.{text}.{text}", f"{header}.{b64(data)}.{b64(data)}"):
        with pytest.raises(PlainlyError):
            read_token(token, KeyRing(path), Expected(ISSUER, AUDIENCE), NOW)


def test_that_a_name_is_made_safe_to_show(shop: Shop) -> None:
    hostile = "Ada \u202e<b>Finch</b>\u2066\n\x00  Esq"
    assert read(shop, shop.token(NOW, name=hostile)).name == "Ada <b>Finch</b> Esq"
    assert not read(shop, shop.token(NOW, name="\u202e\u200f")).name


def test_that_keys_rotate_while_we_run(shop: Shop) -> None:
    ring, expected = KeyRing(shop.path), Expected(ISSUER, AUDIENCE)
    shop.write("hs")
    read_token(shop.token(NOW, "hs"), ring, expected, NOW)
    shop.write("hs", "ed")
    for kid in ("hs", "ed"):
        read_token(shop.token(NOW, kid), ring, expected, NOW)
    shop.write("ed")
    read_token(shop.token(NOW, "ed"), ring, expected, NOW)
    with pytest.raises(PlainlyError, match="names no key"):
        read_token(shop.token(NOW, "hs"), ring, expected, NOW)


@pytest.mark.parametrize("spoil", [lambda path: path.write_text("{"), Path.unlink])
def test_that_a_file_gone_bad_gives_no_keys_and_says_so(shop: Shop, spoil: Callable[[Path], None]) -> None:
    ring = KeyRing(shop.path)
    assert ring.find("ed") is not None
    spoil(shop.path)
    assert ring.find("ed") is None
    assert ring.problem
    shop.path.unlink(missing_ok=True)
    shop.write()
    assert ring.find("ed") is not None
    assert ring.problem is None


def _rsa(bits: int) -> Json:
    return RSAAlgorithm.to_jwk(generate_private_key(65537, bits).public_key(), as_dict=True)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ([], "1 to 50 keys"),
        ({"kid": "a"}, "1 to 50 keys"),
        (["a"], "Key 1 needs a kid"),
        ([{"kty": "oct", "k": b64(b"x" * 32)}], "Key 1 needs a kid"),
        ([{"kid": "a", "kty": "EC"}], "must be of kty"),
        ([{"kid": "a", "kty": "oct", "k": b64(b"x" * 32), "alg": "HS512"}], "must be of kty"),
        ([{"kid": "a", "kty": "OKP", "crv": "Ed448", "x": "AA"}], "must be of kty"),
        ([{"kid": "a", "kty": "OKP", "x": "AA"}], "cannot be read"),
        ([{"kid": "a", "kty": "oct", "k": b64(b"short")}], "needs at least 256 bits"),
        ([{"kid": "a", "kty": "oct"}], "cannot be read"),
        ([{"kid": "a", "kty": "oct", "k": 7}], "cannot be read"),
        ([{"kid": "a", "kty": "RSA", "n": "AA", "e": "AQAB", "d": "AA"}], "private key"),
        ([{"kid": "a", "kty": "RSA", **_rsa(1024)}], "needs at least 2048 bits"),
        ([{"kid": "a", "kty": "oct", "k": b64(b"x" * 32)}] * 2, "the same kid"),
    ],
)
def test_that_a_wrong_file_of_keys_says_what_to_do(keys: Any, words: str) -> None:
    with pytest.raises(PlainlyError, match=words) as caught:
        read_keys(json.dumps({"keys": keys}))
    assert caught.value.code == "wrong_keys"


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", "[" * 100_000])
def test_that_a_file_that_is_no_jwks_says_so(text: str) -> None:
    with pytest.raises(PlainlyError, match="RFC 7517"):
        read_keys(text)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    found = load(ROOT / "policies_kb").kb
    assert found is not None
    return found


def test_that_vouched_facts_are_read_as_the_folder_declares_them(kb: KnowledgeBase) -> None:
    given = {"delivered_on": "2026-11-01", "condition": "unopened"}
    facts = vouched_facts(given, kb)
    assert {fact.source for fact in facts.values()} == {"record"}
    assert facts["condition"].value == "unopened"
    money = next(fact for fact in kb.facts.values() if fact.type == "money")
    yes_no = next(fact for fact in kb.facts.values() if fact.type == "yes_no")
    assert vouched_facts({money.name: 12.5}, kb)[money.name].value == Decimal("12.5")
    assert vouched_facts({yes_no.name: True}, kb)[yes_no.name].value is True


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"favourite_colour": "red"}, "unknown_fact"),
        ({"condition": "perfect"}, "wrong_fact"),
        ({"condition": True}, "wrong_fact"),
        ({"condition": None}, "wrong_fact"),
        ({"condition": ["used"]}, "wrong_fact"),
        ({"delivered_on": "yesterday"}, "wrong_fact"),
        ({"delivered_on": 20261101}, "wrong_fact"),
        ({"delivered_on": "2026-01-01..2026-02-01"}, "wrong_fact"),
        ({"condition": "x" * 300}, "wrong_fact"),
    ],
)
def test_that_facts_the_folder_does_not_declare_are_refused(facts: Json, reason: str, kb: KnowledgeBase) -> None:
    with pytest.raises(PlainlyError) as caught:
        vouched_facts(facts, kb)
    assert (caught.value.code, caught.value.data["why"]) == ("identity_refused", reason)
