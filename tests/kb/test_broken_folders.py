"""Every broken folder gets an error that names the place, says what is wrong and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plainly.kb import Problem, load
from tests.kb.folders import BASE, Broken, broken_folders, copy_of_base


def test_that_the_base_folder_is_valid() -> None:
    loaded = load(BASE)
    assert loaded.problems == ()
    assert loaded.kb is not None
    assert sorted(loaded.kb.policies) == ["lending", "rooms"]


@pytest.mark.parametrize("broken", broken_folders(), ids=lambda broken: broken.name)
def test_that_a_broken_folder_is_refused_with_a_precise_error(broken: Broken, tmp_path: Path) -> None:
    loaded = load(broken.build(tmp_path))
    said = [problem.render() for problem in loaded.problems]
    fitting = [problem for problem in loaded.problems if problem.code == broken.code and is_at(problem, broken.at)]
    assert fitting, "\n".join(said)
    assert any(all(word in problem.render() for word in broken.says) for problem in fitting), "\n".join(said)
    assert all(problem.fix and problem.message for problem in loaded.problems)
    assert {problem.severity for problem in fitting} == {"error"}
    assert loaded.kb is None


def is_at(problem: Problem, at: str) -> bool:
    return f"{problem.place.path}:{problem.place.line}" == at


def only_problem(folder: Path) -> Problem:
    loaded = load(folder)
    assert loaded.kb is None
    assert len(loaded.problems) == 1, [problem.render() for problem in loaded.problems]
    return loaded.problems[0]


def test_that_a_50_mb_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    with (folder / "glossary.yml").open("wb") as file:
        file.truncate(50_000_000)
    problem = only_problem(folder)
    assert (problem.code, problem.place.path) == ("too_large", "glossary.yml")
    assert "1 MB" in problem.message


def test_that_a_file_in_another_encoding_is_refused_at_its_line(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    (folder / "glossary.yml").write_bytes("extend: [renew]\ncafé: [tea]\n".encode("latin-1"))
    problem = only_problem(folder)
    assert (problem.code, problem.place.line, problem.place.column) == ("not_utf8", 2, 4)
    assert "UTF-8" in problem.fix


def test_that_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    secret = tmp_path / "secret.yml"
    secret.write_text("a: [b]\n", encoding="utf-8")
    (folder / "glossary.yml").unlink()
    (folder / "glossary.yml").symlink_to(secret)
    assert only_problem(folder).code == "outside_folder"


def test_that_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    (folder / "glossary.yml").unlink()
    (folder / "glossary.yml").symlink_to(folder / "glossary.yml")
    assert only_problem(folder).code in {"outside_folder", "unreadable_file"}


def test_that_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    (folder / "glossary.yml").unlink()
    os.mkfifo(folder / "glossary.yml")
    assert only_problem(folder).code == "unreadable_file"


def test_that_a_folder_where_a_file_belongs_is_said(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    (folder / "rooms" / "policy.md").unlink()
    (folder / "rooms" / "policy.md").mkdir()
    assert {problem.code for problem in load(folder).problems} >= {"missing_file", "unknown_file"}


@pytest.mark.parametrize("name", ["nowhere", "a_file"])
def test_that_a_missing_folder_is_one_clear_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("x", encoding="utf-8")
    problem = only_problem(tmp_path / name)
    assert problem.code == "no_folder"
    assert name in problem.message


def test_that_an_empty_folder_says_what_belongs_in_it(tmp_path: Path) -> None:
    codes = {problem.place.path: problem.code for problem in load(tmp_path).problems}
    assert codes == {"": "missing_file", "business.yml": "missing_file"}


def test_that_all_problems_are_found_in_one_go(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    rules = folder / "lending" / "rules.yml"
    text = rules.read_text(encoding="utf-8").replace("kind: map}", "knd: map}").replace("then: taken", "then: token")
    rules.write_text(text.replace("at_most:", "atmost:"), encoding="utf-8")
    codes = [problem.code for problem in load(folder).problems]
    assert {"unknown_fact", "unknown_outcome", "unknown_operator"} <= set(codes)


def test_that_a_problem_shows_its_line_with_a_caret(tmp_path: Path) -> None:
    folder = copy_of_base(tmp_path)
    path = folder / "lending" / "rules.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("when: {kind: map}", "when: {knd: map}"), encoding="utf-8")
    lines = load(folder).problems[0].render("policies_kb").splitlines()
    assert lines[0].startswith("policies_kb/lending/rules.yml:67:16: error: ")
    assert lines[2].index("^") == lines[1].index("knd")
    assert 'Did you mean "kind"?' in lines[3]


def test_that_the_same_folder_gives_the_same_problems_in_the_same_order(tmp_path: Path) -> None:
    folder = next(one for one in broken_folders() if one.name == "duplicate_clause").build(tmp_path)
    assert len(load(folder).problems) > 1
    assert load(folder).problems == load(folder).problems
