"""Reads wording/<decision>.<outcome>.md: the customer's words for one outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from plainly.kb.clauses import check_markup
from plainly.kb.conditions import leaves
from plainly.kb.fields import Record, table_of
from plainly.kb.files import Source
from plainly.kb.links import check_target, markdown_targets
from plainly.kb.problems import did_you_mean
from plainly.kb.scope import Scope
from plainly.kb.slots import check_slots, slots_in
from plainly.kb.yaml_reader import read_yaml
from plainly.model import DecisionTable, Fact, Place, Variant, Wording

PARTS = ("verdict", "rule", "why", "next", "more")
_HEADING = re.compile(r"#{1,6}\s*([^(]*?)\s*(?:\(\s*([^:()]*?)\s*:\s*([^()]*?)\s*\))?\s*")
_SENTENCE_END = re.compile(r"[.!?][\"')\]*]*\s+\S")


@dataclass
class _Block:
    part: str
    fact: str | None
    value: str | None
    place: Place
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    @property
    def text_place(self) -> Place:
        """Where the block's first word is."""
        skipped = next((number for number, line in enumerate(self.lines) if line.strip()), 0)
        line = self.lines[skipped] if self.lines else ""
        return Place(self.place.path, self.place.line + 1 + skipped, len(line) - len(line.lstrip()) + 1)


def read_wordings(sources: tuple[Source, ...], scope: Scope) -> dict[str, Wording]:
    """The wordings of a policy, by "decision.outcome"."""
    wordings = {}
    for source in sources:
        name = source.path.rpartition("/")[2].removesuffix(".md")
        decision, _, outcome = name.partition(".")
        if outcome not in getattr(scope.decisions.get(decision), "outcomes", {}):
            known = [f"{table.name}.{one}" for table in scope.decisions.values() for one in table.outcomes]
            message = f'There is no outcome called "{name}" in this policy.'
            scope.problems.error(Place(source.path), "unknown_outcome", message, did_you_mean(name, known))
            continue
        wordings[name] = _wording(source, scope.decisions[decision], outcome, scope)
    _check_none_missing(wordings, scope)
    return wordings


def _check_none_missing(wordings: Mapping[str, Wording], scope: Scope) -> None:
    for table in scope.decisions.values():
        given = {rule.then for rule in table.rules}
        for outcome in table.outcomes:
            if outcome in given and f"{table.name}.{outcome}" not in wordings:
                message = f'The outcome "{table.name}.{outcome}" has no wording.'
                fix = f"Write {scope.policy}/wording/{table.name}.{outcome}.md with a # verdict in it."
                scope.problems.error(table.place, "no_wording", message, fix)


def _wording(source: Source, table: DecisionTable, outcome: str, scope: Scope) -> Wording:
    note, body, first_line = _front_matter(source, scope)
    check_markup(re.sub(r"^#.*$", "", body, flags=re.MULTILINE), Place(source.path, first_line), scope.problems)
    blocks = _blocks(body, Place(source.path, first_line), scope)
    for block in blocks:
        check_slots(block.text, block.text_place, scope)
        for target, offset in markdown_targets(block.text):
            line = block.text.count("\n", 0, offset)
            check_target(target, "link", Place(source.path, block.text_place.line + line), scope.problems)
    verdicts = [block for block in blocks if block.part == "verdict"]
    _check_verdicts(verdicts, _tested(table, outcome), source.path, scope)
    parts: dict[str, tuple[Variant, ...]] = {}
    for block in blocks:
        parts[block.part] = (*parts.get(block.part, ()), Variant(block.text, block.fact, block.value))
    return Wording(table.name, outcome, parts, note, Place(source.path))


def _front_matter(source: Source, scope: Scope) -> tuple[str, str, int]:
    """The grade note, the body, and the line the body starts on."""
    lines = source.text.split("\n")
    if lines[0].rstrip() != "---":
        return "", source.text, 1
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        message = "The front matter that starts here does not end."
        scope.problems.error(Place(source.path), "yaml_syntax", message, "Close it with a line ---.")
        return "", "", 1
    node, flaws = read_yaml("\n".join(lines[1:end]), source.path, 2)
    for flaw in flaws:
        scope.problems.error(flaw.place, flaw.code, flaw.message, flaw.fix)
    note = ""
    if node is not None:
        with Record(table_of(node, scope.problems, "The front matter"), scope.problems, "A wording file") as record:
            note = record.text("grade_note")
    return note, "\n".join(lines[end + 1 :]), end + 2


def _blocks(body: str, start: Place, scope: Scope) -> list[_Block]:
    blocks: list[_Block] = []
    for offset, line in enumerate(body.split("\n")):
        place = Place(start.path, start.line + offset)
        if line.startswith("#"):
            blocks.append(_heading(line, place, scope))
        elif blocks:
            blocks[-1].lines.append(line.rstrip())
        elif line.strip():
            message = "There are words above the first heading."
            scope.problems.error(place, "unknown_part", message, "Put them under # verdict or another part.")
    good = []
    seen: set[tuple[str, str | None, str | None]] = set()
    for block in blocks:
        key = (block.part, block.fact, block.value)
        if block.part not in PARTS:
            continue
        if not block.text:
            scope.problems.error(block.place, "empty_value", f'"{block.part}" has no words.', "Write or remove it.")
        elif key in seen:
            message = f'"{block.part}" is here twice for the same case.'
            scope.problems.error(block.place, "duplicate_key", message, "Keep one, or add a condition to its heading.")
        else:
            good.append(block)
        seen.add(key)
    return good


def _heading(line: str, place: Place, scope: Scope) -> _Block:
    match = _HEADING.fullmatch(line)
    part, fact, value = (match[1], match[2], match[3]) if match else (line.lstrip("# "), None, None)
    if part not in PARTS:
        message = f'"{part}" is no part of an answer.'
        scope.problems.error(place, "unknown_part", message, did_you_mean(part, PARTS))
    if fact is not None:
        declared = scope.fact(fact, place)
        values = variant_values(declared) if declared else ()
        if declared and value not in values:
            message = f'"{value}" is not a value of "{fact}".'
            fix = did_you_mean(str(value), values) if values else "Only a choice or a yes_no fact can choose a variant."
            scope.problems.error(place, "bad_choice", message, fix)
    return _Block(part, fact, value, place)


def variant_values(fact: Fact) -> tuple[str, ...]:
    """The values by which a part can vary: a choice's, or yes and no."""
    return ("yes", "no") if fact.type == "yes_no" else tuple(option.name for option in fact.options)


def _check_verdicts(verdicts: list[_Block], tested: set[str], path: str, scope: Scope) -> None:
    if not verdicts:
        message = "The wording has no verdict."
        scope.problems.error(Place(path), "no_verdict", message, "Add # verdict and one sentence below it.")
        return
    for block in verdicts:
        if _SENTENCE_END.search(block.text):
            message = "The verdict is more than one sentence."
            scope.problems.error(block.text_place, "long_verdict", message, "Move the rest to # rule or # why.")
        for name in dict.fromkeys(slot.name for slot in slots_in(block.text)):
            if name in scope.facts and name not in tested:
                message = f"The verdict says {{{name}}}, which not every row with this outcome has tested."
                fix = "Say it in # rule, where a sentence whose slot is not known is left out."
                scope.problems.error(block.text_place, "untested_slot", message, fix)
            options = scope.facts[name].options if name in scope.facts else ()
            unsaid = [option.name for option in options if not option.say]
            if unsaid:
                message = f'The verdict says {{{name}}}, but its value "{unsaid[0]}" has no "say".'
                fix = "Say it in # rule, where the sentence is left out, or give the value words of a customer's."
                scope.problems.error(block.text_place, "unsaid_slot", message, fix)
    _check_variants(verdicts, scope)


def _tested(table: DecisionTable, outcome: str) -> set[str]:
    """The facts that every row with this outcome tests."""
    rows = [{test.fact for test in leaves(rule.when)} for rule in table.rules if rule.then == outcome]
    return set.intersection(*rows) if rows else set()


def _check_variants(verdicts: list[_Block], scope: Scope) -> None:
    """A verdict must be there whatever the facts: one without condition, or one for each value."""
    if any(block.fact is None for block in verdicts):
        return
    for name in {block.fact for block in verdicts if block.fact in scope.facts}:
        said = {block.value for block in verdicts if block.fact == name}
        if said >= set(variant_values(scope.facts[name or ""])):
            return
    message = "There is no verdict for some values."
    scope.problems.error(verdicts[0].place, "uncovered_variant", message, "Add a # verdict without a condition.")
