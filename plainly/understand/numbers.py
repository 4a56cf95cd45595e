"""Numbers in digits, words and loose phrases, each merged into one word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from text_to_num import text2num

from plainly.understand.lexicon import Lexicon
from plainly.understand.text import Range, Word

DIGITS = re.compile(r"^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k)?$")
ORDINAL = re.compile(r"^(\d{1,2})(st|nd|rd|th)$")
SPACED = re.compile(r"^\d{1,3} \d{3}$")
ISH = re.compile(r"^(\d+)ish$")


def merge_numbers(words: Sequence[Word], lexicon: Lexicon) -> list[Word]:
    """Words with every number as one word: `<n>` amount, `<y>` year, `<o>` ordinal, `<id>` a name in digits."""
    singles = _runs(_spaced(_phrases(list(words), lexicon), lexicon), lexicon)
    return _identifiers(_scaled(_ranges(_prices(_halves(_clock(singles))), lexicon), lexicon), lexicon)


def _joined(words: Sequence[Word], norm: str, number: Range | None) -> Word:
    text = " ".join(word.text for word in words)
    return Word(text, norm, words[0].start, words[-1].end, number)


def _phrases(words: list[Word], lexicon: Lexicon) -> list[Word]:
    phrases = lexicon.files["numbers"]["phrases"]
    loose = set(lexicon.files["numbers"]["loose"])
    out: list[Word] = []
    index = 0
    while index < len(words):
        for length in (4, 3, 2, 1):
            said = " ".join(word.norm for word in words[index : index + length])
            if said in phrases and _counts_something(words, index + length, lexicon):
                low, high = phrases[said]
                out.append(_joined(words[index : index + length], "<n>", Range(low, high, loose=said in loose)))
                index += length
                break
        else:
            out.append(words[index])
            index += 1
    return out


def _counts_something(words: list[Word], index: int, lexicon: Lexicon) -> bool:
    """ "Some weeks" is a count; "some people" is not."""
    following = [word.norm for word in words[index : index + 2]]
    counted = lexicon.classes["unit"] | lexicon.classes["money_word"] | {"more", "short", *_scales(lexicon)}
    return bool(following) and (
        following[0] in counted or (following[0] in ("good", "long", "of") and following[-1] in counted)
    )


def _scales(lexicon: Lexicon) -> dict[str, int]:
    scales: dict[str, int] = lexicon.files["numbers"]["scales"]
    return scales


def _spaced(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """ "12 000 pounds" and "£12 000" are one amount."""
    out: list[Word] = []
    for index, word in enumerate(words):
        last = out[-1] if out else None
        after = words[index + 1].norm if index + 1 < len(words) else ""
        money = after in lexicon.classes["money_word"] or (len(out) > 1 and out[-2].norm in lexicon.classes["currency"])
        if last and money and last.end + 1 == word.start and SPACED.match(f"{last.norm} {word.norm}"):
            out[-1] = _joined([last, word], last.norm + word.norm, None)
        else:
            out.append(word)
    return out


def _runs(words: list[Word], lexicon: Lexicon) -> list[Word]:
    out: list[Word] = []
    index = 0
    while index < len(words):
        length, merged = _number_at(words, index, lexicon)
        out.append(merged)
        index += length
    return out


def _number_at(words: list[Word], index: int, lexicon: Lexicon) -> tuple[int, Word]:
    word = words[index]
    if word.norm.startswith("<"):
        return 1, word
    if DIGITS.match(word.norm) or ISH.match(word.norm):
        return 1, _digits(word)
    if ordinal := _ordinal(words, index, lexicon):
        return ordinal
    return _spelt(words, index, lexicon)


def _digits(word: Word) -> Word:
    if ish := ISH.match(word.norm):
        value = float(ish.group(1))
        margin = max(1.0, value * 0.15)
        return replace(word, norm="<n>", number=Range(value - margin, value + margin, loose=True))
    value = float(word.norm.rstrip("k").replace(",", "")) * (1000 if word.norm.endswith("k") else 1)
    year = word.norm.isdigit() and len(word.norm) == 4 and 1990 <= value <= 2049
    return replace(word, norm="<y>" if year else "<n>", number=Range(value, value, digits=word.norm))


def _ordinal(words: list[Word], index: int, lexicon: Lexicon) -> tuple[int, Word] | None:
    numbers = lexicon.files["numbers"]
    norm = words[index].norm
    if hit := ORDINAL.match(norm):
        value = float(hit.group(1))
        return 1, replace(words[index], norm="<o>", number=Range(value, value))
    if norm in numbers["ordinals"] and norm != "second":
        value = float(numbers["ordinals"][norm])
        return 1, replace(words[index], norm="<o>", number=Range(value, value))
    if norm in numbers["tens"]:
        rest = [word for word in words[index + 1 : index + 3] if word.norm != "-"]
        if rest and rest[0].norm in numbers["ordinals"]:
            value = float(numbers["tens"][norm] + numbers["ordinals"][rest[0].norm])
            length = words.index(rest[0]) - index + 1
            return length, _joined(words[index : index + length], "<o>", Range(value, value))
    return None


def _spelt(words: list[Word], index: int, lexicon: Lexicon) -> tuple[int, Word]:
    numbers = lexicon.files["numbers"]
    known = set(numbers["words"])
    start_words = known | {"a"}
    if words[index].norm not in start_words or not _opens(words, index, known):
        return 1, words[index]
    if words[index].norm in _scales(lexicon):
        return 1, words[index]
    end = index + 1
    while end < len(words) and (words[end].norm in known or _is_join(words, end, known, numbers["joins"])):
        end += 1
    for stop in range(end, index, -1):
        said = [numbers["spelt"].get(word.norm, word.norm) for word in words[index:stop] if word.norm != "-"]
        value = _value(["one" if word == "a" else word for word in said])
        if said == ["one"] and not _counts_something(words, stop, lexicon):
            return 1, words[index]
        if value is not None and words[stop - 1].norm in known:
            return stop - index, _joined(words[index:stop], "<n>", Range(value, value))
    return 1, words[index]


def _opens(words: list[Word], index: int, known: set[str]) -> bool:
    if words[index].norm != "a":
        return True
    return index + 1 < len(words) and words[index + 1].norm in ("hundred", "thousand", "million")


def _is_join(words: list[Word], index: int, known: set[str], joins: Sequence[str]) -> bool:
    """ "And" and "-" join number words only between "hundred" and a rest, or between tens and ones."""
    if words[index].norm not in joins or index + 1 >= len(words) or words[index + 1].norm not in known:
        return False
    before = words[index - 1].norm
    return before in ("hundred", "thousand", "million") if words[index].norm == "and" else before.endswith("ty")


def _value(said: list[str]) -> float | None:
    try:
        return float(text2num(" ".join(said), "en"))
    except ValueError:
        return None


def _clock(words: list[Word]) -> list[Word]:
    """ "10 am" is a time of day, not an amount."""
    out: list[Word] = []
    for word in words:
        if (
            out
            and word.norm in ("am", "pm", "o'clock")
            and out[-1].norm == "<n>"
            and (word.norm != "am" or out[-1].end == word.start)
        ):
            out[-1] = _joined([out[-1], word], "<t>", None)
        else:
            out.append(word)
    return out


def _halves(words: list[Word]) -> list[Word]:
    """ "Two and a half" is one number."""
    out: list[Word] = []
    index = 0
    while index < len(words):
        word = words[index]
        tail = [after.norm for after in words[index + 1 : index + 4]]
        if word.norm == "<n>" and word.number and tail == ["and", "a", "half"]:
            number = Range(word.number.low + 0.5, word.number.high + 0.5, word.number.loose)
            out.append(_joined(words[index : index + 4], "<n>", number))
            index += 4
        else:
            out.append(word)
            index += 1
    return out


def _scaled(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """ "12 thousand" and "a few hundred" are one number, and so is "5 hundred and 20"."""
    out: list[Word] = []
    index = 0
    while index < len(words):
        length, number = _multiplied(words, index, lexicon)
        if number is None:
            out.append(words[index])
            index += 1
            continue
        out.append(_joined(words[index : index + length], "<n>", number))
        index += length
    return out


def _multiplied(words: list[Word], index: int, lexicon: Lexicon) -> tuple[int, Range | None]:
    """How many words at this place are one number with a scale in it, and that number; none when there is no scale."""
    word = words[index]
    number = word.number if word.norm == "<n>" else None
    place, least = index + (number is not None), 0
    low, high, loose = (number.low, number.high, number.loose) if number else (1.0, 1.0, False)
    while place < len(words) and _is_scale(words, place, alone=place == index, lexicon=lexicon):
        least = _scales(lexicon)[words[place].norm]
        low, high, place = low * least, high * least, place + 1
    if not least:
        return 1, None
    rest = place + (place < len(words) and words[place].norm == "and")
    length, more = _multiplied(words, rest, lexicon) if rest < len(words) and words[rest].number else (1, None)
    more = more or (words[rest].number if rest < len(words) and words[rest].norm == "<n>" else None)
    if more and more.high < least and more.low == more.high:
        return rest + length - index, Range(low + more.low, high + more.low, loose)
    return place - index, Range(low, high, loose)


def _is_scale(words: list[Word], index: int, *, alone: bool, lexicon: Lexicon) -> bool:
    """ "K" and "m" are scales only behind a number, and "m" only of money: "2 m" may be metres."""
    norm = words[index].norm
    if norm not in _scales(lexicon):
        return False
    if len(norm) > 1:
        return True
    after = words[index + 1].norm if index + 1 < len(words) else ""
    money = after in lexicon.classes["money_word"] or (
        index > 1 and words[index - 2].norm in lexicon.classes["currency"]
    )
    return not alone and (norm != "m" or money)


def _ranges(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """ "Two or three", "2-3" and "10 to 12" are one range, when something countable follows."""
    joins = set(lexicon.files["numbers"]["range_words"])
    out = list(words)
    index = 0
    while index + 2 < len(out):
        low, join, high = out[index : index + 3]
        between = {"and"} if index and out[index - 1].norm == "between" else set()
        if _is_range(low, join, high, joins | between) and _counts_something(out, index + 3, lexicon):
            assert low.number
            assert high.number
            out[index : index + 3] = [
                _joined(out[index : index + 3], "<n>", Range(low.number.low, high.number.high, loose=True))
            ]
        index += 1
    return out


def _prices(words: list[Word]) -> list[Word]:
    """Prices said aloud, such as "forty-nine ninety-nine", as one number."""
    out: list[Word] = []
    for word in words:
        last = out[-1] if out else None
        spelt = last and last.norm == word.norm == "<n>" and last.text[:1].isalpha() and word.text[:1].isalpha()
        if (
            last
            and spelt
            and last.number
            and word.number
            and last.number.low % 1 == 0
            and 10 <= word.number.low == word.number.high <= 99
        ):
            number = Range(last.number.low + word.number.low / 100, last.number.high + word.number.low / 100)
            out[-1] = _joined([last, word], "<n>", number)
        else:
            out.append(word)
    return out


def _is_range(low: Word, join: Word, high: Word, joins: set[str]) -> bool:
    if join.norm not in joins or not low.number or not high.number:
        return False
    return low.norm == high.norm == "<n>" and 0 < low.number.low < high.number.high <= low.number.low * 4


def _identifiers(words: list[Word], lexicon: Lexicon) -> list[Word]:
    """Order numbers, postcodes and phone numbers are names."""
    naming = set(lexicon.files["numbers"]["identifiers"])
    out: list[Word] = []
    for index, word in enumerate(words):
        named = (
            index
            and words[index - 1].norm in naming
            and word.norm in ("<n>", "<y>")
            and not _measures(words, index, lexicon)
        )
        long = (
            word.number
            and len(word.number.digits) >= 6
            and "." not in word.number.digits
            and "," not in word.number.digits
        )
        out.append(replace(word, norm="<id>", number=None) if named or long else word)
    return out


def _measures(words: list[Word], index: int, lexicon: Lexicon) -> bool:
    after = words[index + 1].norm if index + 1 < len(words) else ""
    return after in lexicon.classes["unit"] | lexicon.classes["money_word"] or after in ("%", "percent")
