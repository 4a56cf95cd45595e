"""Choices and yes/no facts: which of a policy's states the customer names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plainly.model import Context, Fact
from plainly.understand.frames import Shadow, covering
from plainly.understand.lexicon import Lexicon
from plainly.understand.phrases import CLOSING, Found, Grammar, Key, PhraseBook, found_negation
from plainly.understand.text import Message

BLOCKING = frozenset({"reported", "law", "rivals", "made_up", "others", "precedent", "definitions", "conditional"})


@dataclass(frozen=True)
class Tag:
    """What a phrase stands for: an option of a choice, or "yes" or "no"."""

    fact: str
    option: str
    only_asked: bool = False
    # Words one of which must be in the message too, as in "lost it (gift card)", and whether "it" is the subject.
    near: tuple[str, ...] = ()
    of_it: bool = False


@dataclass(frozen=True)
class Said:
    """A state heard for a fact. `option` is None when all that was heard takes one back."""

    fact: str
    option: str | None
    first: int
    last: int
    supposed: bool = False


def phrases_of(facts: Mapping[str, Fact], lexicon: Lexicon) -> list[tuple[str, Tag]]:
    """Every phrase that states a choice or a yes/no fact."""
    generic = set(lexicon.files["verbs"]["generic_names"])
    out: list[tuple[str, Tag]] = []
    for fact in facts.values():
        for option in fact.options:
            name = option.name.replace("_", " ")
            out.append((name, Tag(fact.name, option.name, only_asked=name in generic)))
            out += [_parted(phrase, fact.name, option.name) for phrase in option.heard]
            out += [
                (words, Tag(fact.name, option.name, only_asked=True)) for words in (option.label, option.say) if words
            ]
        out += [_parted(phrase, fact.name, "yes") for phrase in fact.yes]
        out += [_parted(phrase, fact.name, "no") for phrase in fact.no]
        out += [(phrase, Tag(fact.name, "no")) for phrase in _lacking(fact, lexicon)]
    return out


def _parted(phrase: str, fact: str, option: str) -> tuple[str, Tag]:
    """ "Lost it (gift card, voucher)": what is said, and what must be named beside it."""
    words, _, near = phrase.removesuffix(")").partition(" (")
    named = tuple(part.strip() for part in near.split(",") if part.strip())
    return words, Tag(
        fact, option, near=named, of_it=bool(named) and words.lower().startswith(("it's", "it is", "they're"))
    )


def _lacking(fact: Fact, lexicon: Lexicon) -> list[str]:
    """ "I have the receipt" also tells what "no receipt" and "lost the receipt" mean."""
    content = lexicon.files["verbs"]
    out = []
    for phrase in fact.yes:
        words = phrase.lower().replace("'ve", " have").split()
        rest = list(words)
        while rest and rest[0] in content["having"]:
            rest = rest[1:]
        if rest and len(rest) < len(words) and len(rest) <= 3:
            out += [f"{lacking} {' '.join(rest)}" for lacking in content["lacking"]]
    return out


@dataclass(frozen=True)
class _Candidate:
    tag: Tag
    first: int
    last: int
    negated: bool
    supposed: bool
    measured: bool = False


class States:
    """The state phrases of a policy folder, compiled."""

    def __init__(
        self,
        facts: Mapping[str, Fact],
        grammar: Grammar,
        lexicon: Lexicon,
        words: Any,
        *,
        together: Mapping[str, frozenset[str]],
    ) -> None:
        self._facts, self._together = facts, together
        self._grammar = grammar
        self._lexicon = lexicon
        phrases = phrases_of(facts, lexicon)
        self._book = PhraseBook(phrases, grammar, words)
        names = {name for _, tag in phrases for name in tag.near}
        self._near = {name: [grammar.root(word.norm) for word in words(name)] for name in names}

    def find(self, message: Message, keys: Sequence[Key], shadows: list[Shadow], context: Context) -> list[Said]:
        """The state heard for each fact; the last one stands."""
        hits = [hit for hit in self._book.find(message, keys) if self._is_in_place(message, keys, hit, context)]
        kept = self._longest(hits, context)
        told = {hit: self._candidate(message, keys, hit, shadows) for hit in kept}
        shops = {hit.tag.fact for hit, candidate in told.items() if candidate and _names_shop(hit, shadows)}
        byname: dict[str, list[_Candidate]] = {}
        for hit in kept:
            unknown = hit.tag.fact not in context.facts
            if unknown and shops & self._together.get(hit.tag.fact, frozenset()):
                told[hit] = told[hit] or self._candidate(message, keys, hit, _without_rivals(shadows))
            if candidate := told[hit]:
                byname.setdefault(hit.tag.fact, []).append(candidate)
        heard = [
            said
            for name, candidates in byname.items()
            if (said := self._settled(self._facts[name], candidates, message))
        ]
        known = {said.fact for said in heard}
        asked = self._facts.get(context.asked or "")
        if asked and asked.name not in known:
            heard += self._short_answer(message, asked)
        return heard

    def _is_in_place(self, message: Message, keys: Sequence[Key], found: Found, context: Context) -> bool:
        """Whether what a phrase needs beside it is there: "it's right" tells of an invoice that was named."""
        tag: Tag = found.tag
        if not tag.near:
            return True
        roots = [key.root for key in keys]
        named = any(
            roots[index : index + len(name)] == name
            for name in (self._near[words] for words in tag.near)
            for index in range(len(roots))
        )
        return (named or context.asked == tag.fact) and (not tag.of_it or self._is_said_of_it(message, found))

    def _is_said_of_it(self, message: Message, found: Found) -> bool:
        """ "It's right." is; "that's right", "is it right?" and "it's right to help me" are not."""
        verbs = self._lexicon.files["verbs"]
        before = [norm for norm in self._before(message, found.first, 4) if norm not in verbs["degrees"]]
        following = [
            word.norm for word in message.words[found.last : found.last + 3] if word.norm not in verbs["degrees"]
        ]
        after = following[0] if following else "."
        subject = before[-1:] == ["its"] or before[-2:] in [[who, be] for who in verbs["it"] for be in verbs["be"]]
        return subject and after in CLOSING

    def _longest(self, hits: list[Found], context: Context) -> list[Found]:
        """Without phrases that lie inside a longer one of the same fact."""
        usable = [hit for hit in hits if not hit.tag.only_asked or hit.tag.fact == context.asked]
        kept: list[Found] = []
        for hit in sorted(usable, key=lambda hit: (-hit.size, hit.first - hit.last)):
            inside = any(
                other.tag.fact == hit.tag.fact and hit.first < other.last and other.first < hit.last for other in kept
            )
            if not inside:
                kept.append(hit)
        return sorted(kept, key=lambda hit: hit.first)

    def _candidate(
        self, message: Message, keys: Sequence[Key], found: Found, shadows: list[Shadow]
    ) -> _Candidate | None:
        over = covering(shadows, found.first, found.last)
        if any(
            shadow.name in BLOCKING and not _holds(found, shadow) and not self._reports(message, found, shadow)
            for shadow in over
        ):
            return None
        if self._is_weakened(message, found) or self._is_asked(message, found) or self._is_unreal(message, found):
            return None
        negated = found_negation(message, keys, found.first, self._grammar)
        return _Candidate(
            found.tag,
            found.first if negated is None else negated,
            found.last,
            negated is not None,
            any(shadow.name == "asked_if" for shadow in over),
            self._is_measured(message, found),
        )

    def _is_measured(self, message: Message, found: Found) -> bool:
        """Whether one word only says what a figure counts: "three days overdue"."""
        before = message.words[found.first - 1].norm if found.first else ""
        return found.size == 1 and before in self._lexicon.classes["unit"]

    def _reports(self, message: Message, found: Found, shadow: Shadow) -> bool:
        """ "According to the website it is marked as delivered": the phrase itself is what others say."""
        reports = self._lexicon.files["frames"]["reports"]
        inside = (word.norm for word in message.words[found.first : found.last])
        return shadow.name == "reported" and any(norm in reports for norm in inside)

    def _before(self, message: Message, index: int, most: int) -> list[str]:
        sentence = message.words[index].sentence
        return [word.norm for word in message.words[max(0, index - most) : index] if word.sentence == sentence]

    def _is_weakened(self, message: Message, found: Found) -> bool:
        """ "Practically unopened" is not unopened."""
        frames = self._lexicon.files["frames"]
        before = self._before(message, found.first, 6)
        while before and before[-1] in ("a", "an", "the", "been"):
            before = before[:-1]
        text = " " + " ".join(before)
        if before and before[-1] in frames["approximate"]:
            return True
        wished = before[-2:-1] and before[-2] in ("'d", "would", "not", "do", "i", "you", "feel")
        return any(
            text.endswith(f" {phrase}") for phrase in frames["approximate_phrases"] if not (phrase == "like" and wished)
        )

    def _is_asked(self, message: Message, found: Found) -> bool:
        """ "Is it faulty?" asks; it does not tell."""
        before = self._before(message, found.first, 5)
        if before[-1:] == ["or"]:
            before = before[:-2]
        while before and before[-1] in ("really", "actually", "even", "still", "been", "be", "a", "an", "the", "just"):
            before = before[:-1]
        aux = ("is", "are", "was", "were", "did", "does", "has", "have", "had")
        asked = len(before) >= 2 and before[-1] in ("it", "they", "this", "that", "he", "she") and before[-2] in aux
        start = len(before) == 2 or (
            len(before) > 2 and before[-3] in (",", "and", "so", "but", "or", "how", "why", "what", "when")
        )
        return asked and start and any(word.norm == "?" for word in message.words[found.last : found.last + 8])

    def _is_unreal(self, message: Message, found: Found) -> bool:
        text = " " + " ".join(self._before(message, found.first, 6))
        for small in (" still", " a", " an", " the", " fully", " really", " it", " my", " that", " those"):
            text = text.removesuffix(small)
        return any(
            text.endswith(f" {phrase}") for phrase in self._lexicon.files["frames"]["unreal_before"] if phrase != "like"
        )

    def _settled(self, fact: Fact, candidates: list[_Candidate], message: Message) -> Said | None:
        told = [self._flipped(candidate) if fact.type == "yes_no" else candidate for candidate in candidates]
        removed = {candidate.tag.option for candidate in told if candidate.negated}
        stated = [candidate for candidate in told if not candidate.negated]
        stated = [candidate for candidate in stated if not candidate.measured] or stated
        plain = [candidate for candidate in stated if not candidate.supposed] or stated
        if not plain:
            last = told[-1]
            return Said(fact.name, None, last.first, last.last) if removed else None
        last = plain[-1]
        if len(plain) > 1 and plain[-2].last == last.first and fact.type == "choice":
            # "A bespoke table": what stands before the noun says more than the noun.
            last = plain[-2]
        for other in plain[:-1]:
            between = [word.norm for word in message.words[other.last : last.first]]
            if other.tag.option != last.tag.option and "or" in between and len(between) <= 3 and fact.type != "yes_no":
                return None
        return Said(fact.name, last.tag.option, last.first, last.last, last.supposed)

    def _flipped(self, candidate: _Candidate) -> _Candidate:
        if not candidate.negated:
            return candidate
        option = "no" if candidate.tag.option == "yes" else "yes"
        return _Candidate(
            Tag(candidate.tag.fact, option), candidate.first, candidate.last, negated=False, supposed=candidate.supposed
        )

    def _short_answer(self, message: Message, fact: Fact) -> list[Said]:
        """A bare "yes" or "no" answers the question that was asked."""
        content = self._lexicon.files["verbs"]
        norms = [word.norm for word in message.words]
        for answer, phrases in (("yes", content["short_yes"]), ("no", content["short_no"])):
            length = max(
                (
                    len(phrase.split())
                    for phrase in map(str, phrases)
                    if norms[: len(phrase.split())] == phrase.replace("n't", " not").split()
                ),
                default=0,
            )
            if length and self._is_the_answer(norms, length):
                option = (
                    answer
                    if fact.type == "yes_no"
                    else self._none_of(fact)
                    if answer == "no" and fact.type == "choice"
                    else None
                )
                return [Said(fact.name, option, 0, length)] if option else []
        return []

    def _is_the_answer(self, norms: Sequence[str], length: int) -> bool:
        """ "No way you can do that" is no answer; "no, never" and "yes it is" are."""
        return len(norms) <= length + 6 or norms[length] in (
            ",",
            ".",
            "!",
            "\n",
            "it",
            "i",
            "we",
            "they",
            "thanks",
            "but",
            "-",
            ";",
        )

    def _none_of(self, fact: Fact) -> str | None:
        return next((option.name for option in fact.options if option.name in ("none", "no", "nothing")), None)


def _holds(found: Found, shadow: Shadow) -> bool:
    """A phrase that shares the frame's own words means what the policy says it means."""
    contains = found.first <= shadow.cue.start and shadow.cue.stop <= found.last
    if shadow.name == "made_up":
        return contains
    if shadow.name not in ("reported", "rivals", "others", "precedent"):
        return False
    return contains or found.first < shadow.cue.stop < found.last


def _names_shop(found: Found, shadows: Sequence[Shadow]) -> bool:
    """ "Another shop has it in blue" names the shop; what is told of it there may be told by the customer."""
    return any(shadow.name == "rivals" and _holds(found, shadow) for shadow in shadows)


def _without_rivals(shadows: Sequence[Shadow]) -> list[Shadow]:
    return [shadow for shadow in shadows if shadow.name != "rivals"]
