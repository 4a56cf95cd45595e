"""Slips are mended; real words that are not ours stay as they are."""

from __future__ import annotations

import pytest

from encoder import load_encoder
from plainly.retrieve.mending import Mender

OURS = ["What is your return policy?", "Delivery charges", "We refund your money", "kitchen knives"]


@pytest.fixture(scope="module")
def mender() -> Mender:
    return Mender(OURS, load_encoder().knows)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat is ur retrun polcy", "what is your return policy"),
        ("delivry chargs?", "delivery charges?"),
        ("REFND my mony pls", "refund my money please"),
        ("<b onclick=x()>refund</b>", "refund"),
        ("flying lessons with chickens", "flying lessons with chickens"),
        ("a kettle for £45", "a kettle for £45"),
        ("", ""),
        ("🫖", "🫖"),
    ],
)
def test_that_only_slips_are_mended(mender: Mender, typed: str, meant: str) -> None:
    assert mender.mend(typed) == meant
