"""What only the whole check can see is said with its place, a witness and what to do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from plainly.check import check
from plainly.check.replies import every_reply
from plainly.check.speaker import Speaker
from plainly.kb import load
from tests.kb.folders import BASE, Broken, broken_folders, copy_of_base

TODAY = date(2026, 11, 21)
HERE = Path(__file__).parent


def test_that_the_base_folder_has_nothing_wrong() -> None:
    report = check(BASE, TODAY)
    assert report.problems == ()
    assert report.ok
    assert (report.policies, report.decisions, report.examples) == (2, 1, 8)
    assert report.replies > 6


@pytest.mark.parametrize("broken", broken_folders(HERE / "broken"), ids=lambda broken: broken.name)
def test_that_a_broken_folder_is_reported_precisely(broken: Broken, tmp_path: Path) -> None:
    report = check(broken.build(tmp_path), TODAY)
    said = "\n".join(problem.render() for problem in report.problems)
    fitting = [one for one in report.problems if (one.code, one.severity) == (broken.code, broken.severity)]
    assert f"{broken.at}" in {f"{one.place.path}:{one.place.line}" for one in fitting}, said
    assert any(all(word in one.render() for word in broken.says) for one in fitting), said
    assert report.ok == (broken.severity == "warning" and report.errors == 0)


def test_that_a_folder_that_cannot_be_loaded_is_reported_with_its_loading_problems(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    (folder / "business.yml").unlink()
    report = check(folder, TODAY)
    assert [problem.code for problem in report.problems] == ["missing_file"]
    assert not report.ok


def test_that_the_same_folder_gives_the_same_report(tmp_path: Path) -> None:
    folder = next(one for one in broken_folders(HERE / "broken") if one.name == "overlap").build(tmp_path)
    assert check(folder, TODAY) == check(folder, TODAY)


@pytest.mark.parametrize("name", ["clause_too_hard_to_quote", "procedure_too_hard"])
def test_that_a_policy_s_grade_note_lets_its_hard_words_pass(name: str, tmp_path: Path) -> None:
    folder = next(one for one in broken_folders(HERE / "broken") if one.name == name).build(tmp_path)
    path = folder / "lending" / "policy.md"
    path.write_text(path.read_text("utf-8").replace("---", "---\ngrade_note: The law sets these words.", 1), "utf-8")
    assert "hard_reply" not in {problem.code for problem in check(folder, TODAY).problems}


def test_that_a_grade_note_lets_binding_words_be_hard_but_not_their_explanation(tmp_path: Path) -> None:
    hard = "Notwithstanding contradictory representations, reimbursement remains unconditionally discretionary. " * 6
    folder = copy_of_base(tmp_path)
    path = folder / "lending" / "policy.md"
    written = path.read_text("utf-8") + f"\n# 9 Words of the law\n{hard}\n"
    noted = written.replace("---", "---\ngrade_note: The law sets these words.", 1)
    explained = re.sub("^summary: .*$", f"summary: {hard}", noted, count=1, flags=re.MULTILINE)
    for text, severities in ((written, {"error"}), (noted, {"warning"}), (explained, {"error", "warning"})):
        path.write_text(text, "utf-8")
        assert {one.severity for one in check(folder, TODAY).problems if one.code == "hard_text"} == severities


def test_that_every_kind_of_reply_is_read() -> None:
    kb = load(BASE).kb
    assert kb is not None
    told = list(every_reply(kb.table("lending.can_renew"), kb.policies["lending"], kb, Speaker(kb)))
    assert {one.asked for one in told if not one.outcome} >= {"kind", "borrowed_on"}
    assert any("You can keep a thing for 28 days and renew it once." in one.text for one in told if one.asked)
    late = [one.text for one in told if one.outcome == "too_late" and one.pushed]
    assert any("the same" in text or "stays as it is" in text for text in late)
    assert any("We can add 7 days when you were ill." in text for text in late)


def test_that_a_grade_note_lets_a_hard_reply_pass(tmp_path: Path) -> None:
    folder = next(one for one in broken_folders(HERE / "broken") if one.name == "reply_too_hard").build(tmp_path)
    path = folder / "lending" / "wording" / "can_renew.too_late.md"
    assert "hard_reply" in {problem.code for problem in check(folder, TODAY).problems}
    path.write_text("---\ngrade_note: The law sets these words.\n---\n" + path.read_text(encoding="utf-8"), "utf-8")
    assert "hard_reply" not in {problem.code for problem in check(folder, TODAY).problems}
