"""Whatever is named anywhere exists, and whatever exists is used; `rasa data validate` does not look."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections import Counter
from itertools import product
from typing import get_args

import pytest
import yaml

from actions import asking, deciding, handoff, pushback, social
from actions.bridge import MoveAction
from plainly.model import Awaiting
from plainly.run import ROOT
from plainly.turn.moves import MOVES
from tests.assistant.sources import FALLBACK, FRESH, HELD_OUT, domain, examples, plain, read, rules

ACTS = domain()["intents"]
AWAITED = get_args(Awaiting)
ACTIONS = {
    cls().name(): cls
    for module in (asking, deciding, handoff, pushback, social)
    for _, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, MoveAction) and cls is not MoveAction
}
APOLOGY = "apologise"
ACTION_FILES = sorted((ROOT / "actions").glob("*.py"))


def test_that_the_acts_are_those_the_gateway_was_promised() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    promised = re.search(r"Speech acts: `([a-z_ ]+)`", text)
    assert promised is not None
    assert promised[1].split() == ACTS


def test_that_every_act_has_examples_and_every_example_an_act() -> None:
    assert {act for act, _ in examples()} == set(ACTS)
    assert {act for act, _ in examples(HELD_OUT)} == set(ACTS)
    assert {act for act, _ in examples(FRESH)} == set(ACTS)


@pytest.mark.parametrize("act", ACTS)
def test_that_an_act_has_forty_examples_and_is_held_out_ten_times(act: str) -> None:
    assert len({plain(text) for one, text in examples() if one == act}) >= 40
    assert len({plain(text) for one, text in examples(HELD_OUT) if one == act}) >= 10


def test_that_no_example_is_said_twice() -> None:
    said = Counter(plain(text) for _, text in examples())
    assert [text for text, times in said.items() if times > 1] == []


def test_that_nothing_held_out_is_trained_on() -> None:
    assert {plain(text) for _, text in examples()} & {plain(text) for _, text in examples(HELD_OUT, FRESH)} == set()


def test_that_examples_are_plain_words() -> None:
    marked = [
        text
        for _, text in (*examples(), *examples(HELD_OUT, FRESH))
        if text.startswith("/") or re.search(r"\]\s*[({]", text)
    ]
    assert marked == [], "Rasa would read these as commands or entities"


def test_that_rules_speak_of_known_acts_slots_and_actions_only() -> None:
    for rule in rules():
        assert set(rule.acts) <= {*ACTS, FALLBACK}, rule
        assert rule.awaiting in (None, *AWAITED), rule
        assert len(rule.actions) == 1, rule
        assert rule.actions[0] in domain()["actions"], rule


def test_that_no_two_rules_have_one_name() -> None:
    names = Counter(rule.name for rule in rules())
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(("act", "awaiting"), list(product([*ACTS, FALLBACK], AWAITED)))
def test_that_exactly_one_rule_says_what_follows(act: str, awaiting: str) -> None:
    here = [rule.name for rule in rules() if act in rule.acts and rule.awaiting == awaiting]
    anytime = [rule.name for rule in rules() if act in rule.acts and rule.awaiting is None]
    assert len(anytime) == 1, anytime
    assert len(here) <= 1, here


def test_that_the_slot_awaits_what_the_context_awaits() -> None:
    slots = domain()["slots"]
    assert list(slots) == ["awaiting"]
    assert tuple(slots["awaiting"]["values"]) == AWAITED


def test_that_every_action_has_a_class_a_rule_and_a_move() -> None:
    named = set(domain()["actions"])
    assert named == set(ACTIONS)
    assert named == {action for rule in rules() for action in rule.actions}
    assert named == {f"action_{move}" for move in MOVES if move != APOLOGY}


def test_that_the_fallback_action_exists() -> None:
    policies = read(ROOT / "config.yml")["policies"]
    assert [policy["name"] for policy in policies] == ["RulePolicy"]
    assert policies[0]["core_fallback_action_name"] in ACTIONS


def test_that_the_domain_says_nothing_to_customers() -> None:
    assert set(domain()) == {"version", "intents", "slots", "actions", "session_config"}
    assert domain()["session_config"]["session_expiration_time"] == 0


def test_that_buttons_stand_for_known_acts() -> None:
    acts = set()
    for path in (ROOT / "plainly" / "turn").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "button":
                acts |= {argument.value for argument in node.args[1:2] if isinstance(argument, ast.Constant)}
    assert acts, "no button found: mend this test"
    assert acts <= set(ACTS)


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.name)
def test_that_actions_import_rasa_sdk_and_the_library_only(path: object) -> None:
    allowed = {"rasa_sdk", "plainly", "actions", *sys.stdlib_module_names}
    names = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert names <= allowed


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.name)
def test_that_actions_hold_no_sentence(path: object) -> None:
    tree = parsed(path)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    logged = {id(part) for node in ast.walk(tree) if is_log_call(node) for part in ast.walk(node)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told | logged
    ]
    assert [text for text in texts if " " in text.strip()] == []


@pytest.mark.parametrize("path", ACTION_FILES, ids=lambda path: path.name)
def test_that_actions_stay_small(path: object) -> None:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 15, node.name


def is_log_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("logger.")


def parsed(path: object) -> ast.Module:
    with open(str(path), encoding="utf-8") as file:
        return ast.parse(file.read())


def test_that_every_setting_of_the_pipeline_has_its_reason_beside_it() -> None:
    text = (ROOT / "config.yml").read_text(encoding="utf-8")
    lines = text[text.index("pipeline:") :].splitlines()
    settings = [number for number, line in enumerate(lines) if re.match(r"(- name|\s+\w+): ", line)]
    bare = [lines[number].strip() for number in settings if "#" not in lines[number - 1] + lines[number]]
    assert bare == []


def test_that_the_files_are_read_as_rasa_reads_them() -> None:
    for path in (ROOT / "data").rglob("*.yml"):
        assert read(path) == yaml.safe_load(path.read_text(encoding="utf-8"))
