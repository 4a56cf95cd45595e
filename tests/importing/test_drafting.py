"""`plainly import` makes clauses of what was read, and notes what a person should look at."""

from __future__ import annotations

from pathlib import Path

from tests.importing.files import docx, par, run
from tests.importing.samples import (
    done,
    imported,
)
from tests.kb.folders import sound


def test_that_text_in_another_encoding_is_read_and_told(tmp_path: Path) -> None:
    policy, todo = imported(tmp_path, "cafe.txt", "Café rules\n\nA coffee costs £3 – or €4.\n".encode("cp1252"))
    assert policy.clauses["1"].text == "A coffee costs £3 – or €4."
    assert "read as cp1252" in todo


def test_that_hard_words_pass_with_a_note_and_are_told(tmp_path: Path) -> None:
    legal = "Notwithstanding any contradictory representation, reimbursement of consideration remains unconditionally "
    legal += "discretionary, irrespective of extraordinary circumstances necessitating cancellation. " * 4
    policy, todo = imported(tmp_path, "legal.txt", f"Terms\n\n{legal}\n")
    assert policy.grade_note
    assert "policy.md has a grade_note" in todo
    assert "reads at grade" in todo


def test_that_another_language_and_references_to_nothing_are_told(tmp_path: Path) -> None:
    german = "Wir speichern Ihren Namen und Ihre Anschrift sowie alle Bestellungen sechs Jahre lang."
    _, todo = imported(
        tmp_path, "x.md", f"# Data\n\n## 1 English\n\nSee clause 9.2 of this.\n\n## 2 Deutsch\n\n{german}\n"
    )
    assert "clause 2 (“Wir speichern" in todo
    assert "Clause 1 refers to “clause 9.2”" in todo


def test_that_numbers_used_twice_are_given_anew_and_told(tmp_path: Path) -> None:
    policy, todo = imported(
        tmp_path, "x.md", "# Rules\n\n## § 1 One\n\nA b c.\n\n## § 1 Two\n\nD e f.\n\n## 30 Days\n\nG.\n"
    )
    assert {number: clause.title for number, clause in policy.clauses.items()} == {
        "1": "One",
        "2": "Two",
        "3": "30 Days",
    }
    assert "The number § 1 was used twice. “Two” is now clause 2" in todo


def test_that_lists_that_word_counts_keep_their_numbers(tmp_path: Path) -> None:
    body = [
        par(run("Terms of sale", bold=True)),
        par("These are our terms."),
        par(run("Orders", bold=True), level=0, numbered=2),
        par("Your order is an offer.", level=1, numbered=2),
        par("We may say no.", level=1, numbered=2),
    ]
    policy, todo = imported(tmp_path, "terms.docx", docx(*body))
    assert {number: clause.text for number, clause in policy.clauses.items()} == {
        "0": "These are our terms.",
        "1.1": "Your order is an offer.",
        "1.2": "We may say no.",
    }
    assert policy.clauses["1.1"].section == "Orders"
    assert "Word counts the entries" in todo


def test_that_articles_are_headings_and_lines_with_bullets_a_list(tmp_path: Path) -> None:
    text = "Warranty\n\nArticle 1 - Cover\nWe mend it\nfor two years.\nArticle IV - Claims\nSend it to us.\n"
    policy, todo = imported(tmp_path, "warranty.txt", text)
    assert {number: (clause.title, clause.text) for number, clause in policy.clauses.items()} == {
        "1": ("Cover", "We mend it for two years."),
        "2": ("Claims", "Send it to us."),
    }
    assert "“Claims” had the number Article IV" in todo
    page = "<h1>Help</h1><h2>Prices</h2><p>We do not match prices:<br>- online<br>- in store</p>"
    (tmp_path / "help.html").write_text(page, encoding="utf-8")
    done(tmp_path / "help.html", tmp_path / "kb")
    clause = sound(tmp_path / "kb").policies["help"].clauses["1"]
    assert clause.text == "We do not match prices:\n\n- online\n- in store"


def test_that_long_sections_are_parted_so_that_each_rule_can_be_quoted(tmp_path: Path) -> None:
    long = [f"Rule {number} says that " + "you can bring it back to us " * 5 + "soon." for number in range(3)]
    policy, todo = imported(tmp_path, "x.md", "# Rules\n\n## Returns\n\n" + "\n\n".join(long))
    assert list(policy.clauses) == ["1.1", "1.2", "1.3"]
    assert [clause.text for clause in policy.clauses.values()] == long
    assert policy.clauses["1.2"].section == "Returns"
    assert "Its paragraphs became clauses 1.1 to 1.3" in todo
