"""Finding a policy's phrases in a message: inflection, small words and objects may differ, negation may not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from plainly.understand.lexicon import Lexicon
from plainly.understand.text import SENTENCE_ENDS, Message, Word

NEG = "NOT"
OBJECT = "OBJECT"
CLOSING = SENTENCE_ENDS | {",", "and", "or", "but", "then"}


@dataclass(frozen=True)
class Key:
    """One word of a phrase as it is compared: its root, and whether it says that something happened."""

    root: str
    form: str = "plain"
    norm: str = field(default="", compare=False)


@dataclass(frozen=True)
class Found:
    """A phrase found in words `first` up to and without `last`; `size` counts the words that mattered."""

    tag: Any
    first: int
    last: int
    size: int


class Grammar:
    """How the words of one language change their form."""

    def __init__(self, lexicon: Lexicon) -> None:
        content = lexicon.files["verbs"]
        self.irregular: Mapping[str, str] = content["irregular"]
        self.keep = frozenset(content["keep"])
        self.negators = frozenset(content["negators"])
        self.answers = frozenset(content["answers"])
        self.light = frozenset(content["light"])
        self.dropped = frozenset(content["dropped"])
        self.small = frozenset(content["small"])
        self.possessives = frozenset(content["possessives"])
        self.objects = frozenset(content["objects"])
        self.determiners = frozenset(content["determiners"])
        self.subjects = frozenset(content["subjects"])
        self.going_on = frozenset(content["going_on"])
        self.did = frozenset(content["did"])
        self.time_leads = frozenset(content["time_leads"])
        self.carriers = frozenset(content["carriers"])
        self.units = lexicon.classes["unit"]
        self.papers = frozenset(content["papers"])
        self.relative = frozenset(content["relative"])
        self.exact = frozenset(content["exact"])
        self.not_the_item = frozenset(lexicon.files["events"]["not_the_item"])
        self.root = lru_cache(maxsize=20000)(self._root)

    def _root(self, norm: str) -> str:
        """The word without its ending: "opened", "opens" and "opening" share one."""
        if norm in self.irregular:
            return self.irregular[norm]
        if len(norm) > 7:
            norm = norm.replace("iz", "is")
        if norm in self.keep or len(norm) < 4:
            return norm
        return _without_e(_stripped(norm))

    def form(self, norm: str) -> str:
        """ "done" for a past form, "ing", or "plain"."""
        if norm in self.keep and norm != "used":
            return "plain"
        if norm.endswith("ing") and len(norm) > 4:
            return "ing"
        if norm.endswith("es") or norm == "has":
            return "plain"
        if (
            (norm.endswith("ed") and len(norm) > 3)
            or self.irregular.get(norm, norm) != norm
            or norm in ("read", "cut", "put", "hit", "hurt", "let", "shut", "split", "spread")
        ):
            return "done"
        return "plain"

    def keys(self, message: Message) -> list[Key]:
        """The words of a message as they are compared; "did not open" says "not opened"."""
        norms = [word.norm for word in message.words]
        return [
            Key(self._root_at(message, index), self._form_at(norms, index), word.norm)
            for index, word in enumerate(message.words)
        ]

    def _root_at(self, message: Message, index: int) -> str:
        word, after = message.words[index], message.words[index + 1 : index + 2]
        opens = not index or message.words[index - 1].sentence != word.sentence
        is_answer = word.norm in self.answers and opens and after and after[0].norm in self.subjects
        return word.norm if is_answer else self.root_of(word)

    def root_of(self, word: Word) -> str:
        """A word's root; numbers are told apart by their value, however they are written."""
        if word.norm in self.negators:
            return NEG
        return f"{word.norm}{word.number.low:g}" if word.number else self.root(word.norm)

    def _form_at(self, norms: Sequence[str], index: int) -> str:
        form = self.form(norms[index])
        before = [
            norm
            for norm in norms[max(0, index - 4) : index]
            if norm in self.negators or norm in self.did or norm in self.going_on or norm not in self.light
        ]
        if (
            form == "plain"
            and any(norm in self.did for norm in before)
            and all(
                norm in self.did or norm in self.negators or norm in self.subjects
                for norm in before[_last(before, self.did) :]
            )
        ):
            return "done"
        if form == "ing" and before and (before[-1] in self.going_on or (before[-1] in self.negators)):
            return "done"
        return form


def _last(norms: Sequence[str], wanted: frozenset[str]) -> int:
    return max(index for index, norm in enumerate(norms) if norm in wanted)


def _stripped(norm: str) -> str:
    for ending, instead in (
        ("'s", ""),
        ("ies", "y"),
        ("ied", "y"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
    ):
        if norm.endswith(ending) and len(norm) > len(ending) + 1:
            return norm[: -len(ending)] + instead
    if norm.endswith("s") and not norm.endswith(("ss", "us", "is")):
        return norm[:-1]
    for ending in ("ing", "ed"):
        rest = norm[: -len(ending)]
        if norm.endswith(ending) and len(rest) >= 3 and set(rest) & set("aeiouy"):
            return rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "ls" else rest
    return norm


def _without_e(norm: str) -> str:
    return norm[:-1] if norm.endswith("e") and len(norm) > 4 else norm


class PhraseBook:
    """Phrases with tags, ready to be found. The same phrase may have several tags."""

    def __init__(
        self, phrases: Iterable[tuple[str, Any]], grammar: Grammar, words: Any, *, any_form: bool = False
    ) -> None:
        self._grammar = grammar
        self._any_form = any_form
        self._entries: dict[str, list[tuple[tuple[Key, ...], Any]]] = {}
        for phrase, tag in phrases:
            keys = self.compiled(words(phrase))
            if any_form:
                keys = tuple(Key(key.root, "exact" if key.root in grammar.exact else "plain", key.norm) for key in keys)
            if keys:
                self._entries.setdefault(keys[0].root, []).append((keys, tag))

    def compiled(self, words: Sequence[Word]) -> tuple[Key, ...]:
        """A phrase as keys: objects open, small words dropped, unless that would leave nothing."""
        grammar = self._grammar
        norms = [word.norm for word in words]
        keys = []
        for index, norm in enumerate(norms):
            if norm in grammar.negators:
                keys.append(Key(NEG))
            elif norm in ("it", "them") and index:
                keys.append(Key(OBJECT))
            elif norm not in grammar.dropped and not (norm in grammar.possessives and self._is_plain(norms)):
                keys.append(Key(grammar.root_of(words[index]), _phrase_form(grammar, norms, index), norm))
            elif norm in ("have", "has", "had", "got", "get") and self._possesses(norms, index):
                keys.append(Key(grammar.root(norm), "plain", norm))
        while keys and keys[0].root == OBJECT:
            keys = keys[1:]
        bare = [key for key in keys if key.root not in (OBJECT, NEG)]
        if len(norms) > 1 and len(keys) == 1 and all(key.norm in grammar.small for key in bare):
            keys = []
        return tuple(keys) or tuple(Key(grammar.root_of(word), grammar.form(word.norm), word.norm) for word in words)

    def _is_plain(self, norms: Sequence[str]) -> bool:
        """Whether enough is left without "my": "lost my receipt" is clear, "my account" is not."""
        grammar = self._grammar
        return sum(norm not in grammar.dropped and norm not in grammar.possessives for norm in norms) > 1

    def _possesses(self, norms: Sequence[str], index: int) -> bool:
        """ "Have the receipt" keeps its verb; "have used it" does not need it."""
        after = [
            norm
            for norm in norms[index + 1 :]
            if norm not in self._grammar.light and norm not in self._grammar.negators
        ]
        return not after or self._grammar.form(after[0]) == "plain"

    def find(self, message: Message, keys: Sequence[Key]) -> list[Found]:
        """Every place where a phrase is said."""
        found: list[Found] = []
        for index, key in enumerate(keys):
            for entry, tag in self._entries.get(key.root, ()):
                last = self._match(message, keys, entry, index)
                if last is not None:
                    found.append(
                        Found(tag, index, last, sum(part.root != OBJECT for part in entry) + (entry[0].root == NEG))
                    )
        return found

    def _match(self, message: Message, keys: Sequence[Key], entry: tuple[Key, ...], start: int) -> int | None:
        index = start
        negated = False
        for place, wanted in enumerate(entry):
            if place:
                index = self._skip(message, keys, index, wanted, negated=negated)
            if wanted.root == OBJECT:
                after = self._object(message, index, last=place == len(entry) - 1)
                if after is None:
                    return None
                index = after
                continue
            wish = not negated and entry[-1].root == OBJECT
            if index >= len(keys) or not _alike(wanted, keys[index], wish=wish):
                return None
            if self._any_form and self._is_noun(message, keys, wanted, index):
                return None
            negated = wanted.root == NEG
            index += 1
        if self._is_about_another(message, keys, entry, index):
            return None
        return index

    def _is_noun(self, message: Message, keys: Sequence[Key], wanted: Key, index: int) -> bool:
        """Whether the word is a noun where the cue is a verb: "my order arrived" names no day of ordering."""
        before = message.words[index - 1].norm if index else ""
        bare = keys[index].form == "plain" and keys[index].norm != wanted.norm
        return bare and self._grammar.form(wanted.norm) == "done" and before in self._grammar.determiners

    def _skip(self, message: Message, keys: Sequence[Key], index: int, wanted: Key, *, negated: bool) -> int:
        """Small words, and an object between a verb and its particle, may stand in between."""
        grammar = self._grammar
        first = index
        if wanted.root == OBJECT:
            return index
        while index < len(keys) and index - first < 5 and keys[index].root != wanted.root:
            norm = message.words[index].norm
            if not (norm in grammar.light or norm in grammar.objects or (negated and norm in ("have", "got", "get"))):
                break
            if message.words[index].sentence != message.words[first - 1].sentence:
                break
            index += 1
        if index + 2 < len(keys) and keys[index + 2].root == wanted.root and self._is_measure(message, index):
            # "Came three days late"
            return index + 2
        determined = index > first and message.words[index - 1].norm in grammar.determiners
        if (
            determined
            and index + 1 < len(keys)
            and keys[index].root != wanted.root
            and keys[index + 1].root == wanted.root
            and message.words[index].norm not in grammar.not_the_item
        ):
            index += 1
        return index

    def _is_measure(self, message: Message, index: int) -> bool:
        return message.words[index].norm == "<n>" and message.words[index + 1].norm in self._grammar.units

    def _object(self, message: Message, index: int, *, last: bool) -> int | None:
        """The end of "it", "them" or "the small kettle" at this place; nothing there is fine at a clause's end."""
        grammar = self._grammar
        while (
            index < len(message.words)
            and message.words[index].norm in grammar.light
            and message.words[index].norm not in grammar.determiners | grammar.objects
        ):
            index += 1
        norm = message.words[index].norm if index < len(message.words) else "."
        if (
            norm in grammar.determiners
            and index + 1 < len(message.words)
            and message.words[index + 1].norm.isalpha()
            and message.words[index + 1].norm not in grammar.light
        ):
            noun = message.words[index + 1].norm
            return None if noun in grammar.not_the_item else index + 2
        if norm in grammar.objects:
            return index + 1
        return index if last and norm in CLOSING else None

    def _is_about_another(self, message: Message, keys: Sequence[Key], entry: tuple[Key, ...], index: int) -> bool:
        """ "Used my discount code" is not about the thing bought; neither is "used to"."""
        if entry[-1].form != "done" or index >= len(keys):
            return False
        words = message.words
        if words[index].norm == "to" and entry[-1].root == "use":
            return True
        place = index
        while (
            place < len(words)
            and words[place].norm in self._grammar.light | self._grammar.determiners
            and place - index < 3
        ):
            place += 1
        nouns = [word.norm for word in words[place : place + 2]]
        if not nouns or nouns[0] in self._grammar.not_the_item:
            return bool(nouns)
        described = nouns[0].isalpha() and nouns[0] not in self._grammar.time_leads | {"and", "or", "but", "for"}
        return len(nouns) > 1 and described and nouns[1] in self._grammar.not_the_item


def _phrase_form(grammar: Grammar, norms: Sequence[str], index: int) -> str:
    form = grammar.form(norms[index])
    if form == "ing" and any(norm in grammar.going_on for norm in norms[:index]):
        return "done"
    if form == "plain" and any(norm in grammar.did for norm in norms[:index]):
        return "done"
    return form


def _alike(wanted: Key, heard: Key, *, wish: bool) -> bool:
    """Whether two words are forms of one; "use it" is a wish, so "used it" does not match it."""
    if wanted.root != heard.root:
        return False
    if wanted.form == "exact":
        return wanted.norm == heard.norm
    if wanted.form == "done":
        return heard.form == "done"
    if wanted.form == "ing":
        return heard.form in ("ing", "done")
    return not (wish and heard.form == "done" and heard.norm != wanted.norm)


def found_negation(message: Message, keys: Sequence[Key], first: int, grammar: Grammar) -> int | None:
    """The place of a "not" that governs the words at `first`, when only small words stand between."""
    carried = 0
    for index in range(first - 1, max(-1, first - 8), -1):
        word = message.words[index]
        if word.sentence != message.words[first].sentence:
            return None
        if keys[index].root == NEG:
            after = message.words[index + 1].norm
            return (
                None
                if after in ("only", "just", "merely", "simply", ",")
                or (word.norm == "no" and index + 1 < first and after == ",")
                else index
            )
        if word.norm in ("or", "nor") and not carried:
            carried = index
            continue
        if carried and index == carried - 1 and keys[index].form == "done":
            continue
        if word.norm in grammar.papers and message.words[index + 1].norm in grammar.relative:
            # "There is no note that she signed": she signed none.
            continue
        if keys[index].root in grammar.carriers and word.norm not in ("got", "had"):
            continue
        if word.norm not in grammar.light and word.norm not in ("it", "them", "ever", "been", "anyone"):
            return None
    return None


def iter_clause_starts(message: Message) -> Iterator[int]:
    """The first word of every clause."""
    for index, word in enumerate(message.words):
        before = message.words[index - 1] if index else None
        if before is None or (before.sentence, before.clause) != (word.sentence, word.clause):
            yield index
