"""Finds the way to reach a customer in what they write: an e-mail address or a phone number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from babel.core import get_global

_EMAIL = re.compile(r"[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")


@dataclass(frozen=True)
class Contact:
    """A way to reach somebody. Phone numbers are in international form."""

    kind: Literal["email", "phone"]
    value: str


def find_contact(text: str, timezone: str) -> Contact | None:
    """The first e-mail address in the text, else the first phone number, else None.

    Numbers without a country code belong to the country of the business's time zone.
    """
    email = _EMAIL.search(text)
    if email:
        return Contact("email", email.group())
    region = get_global("zone_territories").get(timezone, "GB")
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return Contact("phone", number)
    return None
