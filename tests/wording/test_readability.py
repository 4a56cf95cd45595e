"""The product's own sentences to customers read as easily as it asks of a policy folder's replies."""

from __future__ import annotations

import re

import pytest

from plainly.check.readability import jargon_in, read
from plainly.check.replies import HARDEST
from plainly.check.texts import LONG_SENTENCE, PASSIVE
from plainly.wording.phrases import phrases

FOR_STAFF = ("desk", "reports", "staff", "suggest")
NOT_ENGLISH = ("languages",)
ENOUGH_WORDS = 5
"""A label or a greeting of fewer words has no grade worth the name."""
OFFER = re.compile(r"\bshall I\b", re.IGNORECASE)
""""Shall I ...?" offers; it is "you shall" that officials write."""

SENTENCES = [
    pytest.param(text, id=f"{key}#{number}")
    for key, texts in phrases().entries.items()
    if key.partition(".")[0] not in FOR_STAFF + NOT_ENGLISH
    for number, text in enumerate(texts)
]


@pytest.mark.parametrize("text", SENTENCES)
def test_that_a_sentence_to_customers_is_plain(text: str) -> None:
    reading = read(text)
    assert reading.words < ENOUGH_WORDS or reading.grade <= HARDEST, text
    assert reading.longest_words <= LONG_SENTENCE
    assert reading.sentences < 3 or reading.passive_share <= PASSIVE
    assert list(jargon_in(OFFER.sub("may I", text))) == []
