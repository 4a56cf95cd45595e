"""A shop that vouches for its customers: its keys, its JWKS file and the tokens it signs."""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

Json = dict[str, Any]

ISSUER = "https://shop.example"
AUDIENCE = "plainly"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Shop:
    """Signs with a key of each kind; `write` publishes the public halves."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rsa: RSAPrivateKey = generate_private_key(65537, 2048)
        self.ed = Ed25519PrivateKey.generate()
        self.secret = os.urandom(32)
        self.keys: dict[str, Json] = {
            "hs": {"kty": "oct", "k": b64(self.secret), "alg": "HS256"},
            "rs": RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True),
            "ed": OKPAlgorithm.to_jwk(self.ed.public_key(), as_dict=True),
        }
        self.write()

    def write(self, *kids: str) -> None:
        """Publish these keys, or all of them."""
        entries = [{**self.keys[kid], "kid": kid} for kid in kids or self.keys]
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"keys": entries}))
        fresh.replace(self.path)

    def signer(self, kid: str) -> tuple[Any, str]:
        return {"hs": (self.secret, "HS256"), "rs": (self.rsa, "RS256"), "ed": (self.ed, "EdDSA")}[kid]

    def token(self, now: datetime, kid: str = "ed", *, without: str = "", **claims: Any) -> str:
        """A good token, but for what is said otherwise."""
        seconds = int(now.timestamp())
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "c-1001",
            "jti": uuid4().hex,
            "iat": seconds,
            "exp": seconds + 300,
            "name": "Ada Finch",
            **claims,
        }
        payload.pop(without, None)
        key, algorithm = self.signer(kid)
        # Below jwt.encode, which refuses some of what has to be refused here.
        return jwt.PyJWS().encode(json.dumps(payload).encode(), key, algorithm, headers={"kid": kid})


def forged(header: Json, payload: Json, signature: bytes = b"") -> str:
    """Three parts that no library would make."""
    return ".".join(b64(part) for part in (json.dumps(header).encode(), json.dumps(payload).encode(), signature))
