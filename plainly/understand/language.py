"""Which language a message is in, by its little words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from plainly.understand.lexicon import shared

SCRIPTS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "BENGALI": "bn",
}


def language_of(text: str) -> str:
    """The language's two-letter code; English when the text is short or tells nothing."""
    words = re.findall(r"[^\W\d_]+", text[:1000].lower())
    if other := _by_script("".join(words)):
        return other
    if len(words) < 3:
        return "en"
    # Each word counts once: "no fix, no fee" is not Portuguese.
    counts = {language: len(known & set(words)) for language, known in _little_words().items()}
    best = max(counts, key=lambda language: (counts[language], language == "en"))
    clear = counts[best] >= 2 and counts[best] >= 0.25 * len(words) and counts[best] > counts["en"] + 1
    return best if clear or (best != "en" and counts["en"] == 0 and counts[best] >= 2) else "en"


@lru_cache(maxsize=1)
def _little_words() -> dict[str, frozenset[str]]:
    return {language: frozenset(map(str, words)) for language, words in shared("languages").items()}


def _by_script(letters: str) -> str:
    names = [unicodedata.name(letter, "").split(" ")[0] for letter in letters[:200] if ord(letter) > 0x24F]
    if len(names) * 2 <= len(letters[:200]) or not names:
        return ""
    known = [SCRIPTS[name] for name in names if name in SCRIPTS]
    return "ja" if "ja" in known else max(set(known), key=known.count) if known else ""
