"""`plainly preview`: what a policy's owner reads aloud before a change goes live."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pytest

from plainly.commands.preview import moved, shown
from plainly.kb import load
from plainly.model import Between, Value
from plainly.run import ROOT

KB = ROOT / "policies_kb"


def plainly(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plainly.cli", "preview", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110)


def preview(policy: str, today: date) -> list[str]:
    kb = load(KB).kb
    assert kb is not None
    return list(shown(kb, kb.policies[policy], today))


@pytest.mark.parametrize("day", ["2026-11-21", "2027-01-01"])
def test_that_every_outcome_of_returns_is_read_on_any_day(day: str) -> None:
    done = plainly("returns", "--as-of", day)
    assert (done.returncode, done.stderr) == (0, "")
    outcomes = re.findall(r"^### (\w+)$", done.stdout, flags=re.MULTILINE)
    assert outcomes == ["accepted", "too_late", "used", "excluded", "needs_agent"]
    assert "you can send it back for a full refund" in done.stdout
    assert done.stdout.count("Case: the example") == len(outcomes)


def test_that_a_case_keeps_its_distance_from_the_day_it_is_seen_on() -> None:
    told = "\n".join(preview("returns", date(2027, 1, 1)))
    assert "20 days ago and never opened can go back”, with its dates moved to this day" in told
    assert "delivered_on=2026-12-12 condition=unopened category=general" in told
    rough: dict[str, Value] = {"delivered_on": Between(date(2026, 10, 1), date(2026, 10, 31)), "category": "general"}
    later: dict[str, Value] = {"delivered_on": Between(date(2026, 10, 8), date(2026, 11, 7)), "category": "general"}
    assert moved(rough, date(2026, 11, 21), date(2026, 11, 28)) == later
    assert moved(later, date(2026, 11, 28), date(2026, 11, 21)) == rough


def test_that_an_outcome_without_a_fitting_example_shows_a_case_from_the_rules() -> None:
    told = preview("returns", date(2006, 5, 5))
    at = told.index("### accepted")
    assert told[at + 1].startswith("Case: no example comes out so; this one follows from the rules\n")
    assert "Returns are open for 14 days after delivery" in told[at + 2]


def test_that_an_outcome_no_case_reaches_on_that_day_says_so() -> None:
    told = preview("returns", date(1990, 1, 1))
    assert told[told.index("### too_late") + 1] == "No case comes out so on 1990-01-01."


def test_that_each_question_is_shown_with_its_buttons() -> None:
    told = preview("returns", date(2027, 1, 1))
    at = told.index("### When we ask for condition")
    assert told[at + 1 : at + 3] == [
        "Is it unopened, opened, or used?",
        "[Unopened] [Opened, not used] [Used] [I'm not sure]",
    ]
    assert "### When we ask for delivered_on" in told


def test_that_a_policy_without_decisions_shows_each_clause_with_its_source() -> None:
    kb = load(KB).kb
    assert kb is not None
    done = plainly("accessibility")
    assert done.returncode == 0
    for clause in kb.policies["accessibility"].clauses.values():
        assert f"## {clause.number} {clause.title}\n" in done.stdout
        assert f"*(Accessibility {clause.number})*" in done.stdout
    assert "There is a hearing loop at every till." in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nope",), "There is no policy “nope”."),
        (("returns", "--as-of", "tomorrow"), "“tomorrow” is not a date."),
        (("returns", "--kb", "/nowhere"), "There is no policy folder at /nowhere."),
    ],
)
def test_that_what_cannot_be_shown_is_one_sentence(arguments: tuple[str, ...], says: str) -> None:
    done = plainly(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"plainly: {says}")
    assert len(done.stderr.splitlines()) == 1
