"""How many syllables an English word has: by its spelling, and a short list of exceptions."""

from __future__ import annotations

import re
from functools import lru_cache

from plainly.check.content import word_map

_VOWELS = re.compile(r"[aeiouy]+")
_CONTRACTION = re.compile(r"(.+?)(?:'(?:s|re|ve|ll|d|m)|s')")
# A silent e inside a compound: some-thing, home-owner, care-ful.
_COMPOUND = re.compile(
    r"(some|there|where(?!v)|here|time|life|base|home|house|store|fire|care|safe|price|name|date|note|face|sale|use|like"
    r"|hope|space|state|wide|whole|fore|more|side|free|place|waste|replace|manage|move|agree|shape|price|require|arrange"
    r"|settle|entitle(?=ever))(?=[b-df-hj-np-tv-z]|ever|owner)(?=.*[aeiouy])(.{2,})"
)
# Letters that are written and not said.
_AS_W = re.compile(r"(?<=[qg])u(?=[aeio])")
_SILENT = re.compile(r"(?<![aeioul])e$|(?<=[aeiou]l)e$|(?<=[aeiou]l)es$|(?<=l)le$")
_SILENT_ES = re.compile(r"(?<![aeiouyszxl])(?<![cs]h)(?<![cg])es$")
_SILENT_ED = re.compile(r"(?<![aeioutd])(?<![^aeioul]l)ed$")
_SILENT_INSIDE = re.compile(r"(?<=[^aeiouyl])e(?=ly$|ment|less|ful|ness)")
# Two vowels side by side that are said apart.
_APART = re.compile(
    r"(?<![ctsxg])ia(?!g)|(?<=[ctg])iat|(?<![tscgxln])io|tio$|iu|ii|iet|(?<![tc])ien|ier(?=s?$)|iest$|[eoui]ing|yi|ao|"
    r"eo(?!n$|us$)|(?<!g)eous|^creat|recreat|react|reali[sz]|reality|idea|area|oe[mtx]|oic|aic$|(?<!g)ua|uel|uen|uer|"
    r"ui[nd]|uiti|uou|uu|(?<=[aeo])y(?=[aeiou])|uy(?=[aei])|(?<=[aeiouy][^aeiouy])sm(?=s?$)|(?<=[aeiou])sm(?=s?$)|thm$"
)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """How many syllables a word has; at least 1."""
    lower = word.lower().replace("’", "'")
    if "-" in lower:
        return sum(syllables(part) for part in lower.split("-") if part) or 1
    if lower.endswith("n't"):
        return syllables(lower[:-3]) + (lower[:-3].endswith(("d", "s", "t", "ve", "ed")))
    short = _CONTRACTION.fullmatch(lower)
    return _count(short[1] if short else lower.replace("'", ""))


def _count(word: str) -> int:
    known = word_map("en/syllables.yml", "syllables")
    for form, ending in ((word, ""), (word.removesuffix("s"), "s"), (word.removesuffix("ly"), "ly")):
        if form in known:
            return int(known[form]) + (ending == "ly")
    compound = _COMPOUND.fullmatch(word)
    if compound:
        return _said(compound[1]) + _said(compound[2])
    return _said(word)


def _said(word: str) -> int:
    word = _AS_W.sub("w", re.sub(r"(?<=[qg])ue(?=s?$)", "", word))
    apart = len(_APART.findall(word))
    if len(word) > 3:
        word = _SILENT_INSIDE.sub("", _SILENT_ED.sub("", _SILENT_ES.sub("", word)))
        word = _SILENT.sub("", word)
    elif word.endswith("e") and len(_VOWELS.findall(word)) > 1:
        word = word[:-1]
    return max(1, len(_VOWELS.findall(word.removeprefix("y") if len(word) > 2 else word)) + apart)
