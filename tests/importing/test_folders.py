"""`plainly import` puts sound policies into a folder, or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from typer.testing import CliRunner

from plainly.cli import app
from tests.importing.files import docx, par, table
from tests.importing.samples import (
    HTML,
    TEXT,
    done,
    files_in,
    plainly,
)
from tests.kb.folders import BASE, sound


def test_that_several_policies_in_one_file_become_several_folders(tmp_path: Path) -> None:
    file = tmp_path / "all.md"
    file.write_text("# Gift policy\n\nGifts are free.\n\n# Loyalty policy\n\nPoints last a year.\n", encoding="utf-8")
    done(file, tmp_path / "kb")
    assert list(sound(tmp_path / "kb").policies) == ["gift_policy", "loyalty_policy"]


def test_that_a_folder_gives_its_policies_and_names_what_fails(tmp_path: Path) -> None:
    documents = tmp_path / "docs"
    (documents / "more").mkdir(parents=True)
    (documents / "page_files").mkdir()
    (documents / "a.html").write_text(HTML, encoding="utf-8")
    (documents / "b.pdf").write_bytes(b"%PDF-1.4 broken")
    (documents / "more" / "c.txt").write_text(TEXT, encoding="utf-8")
    (documents / "more" / "d.md").write_text("# Returns\n\nAnother text of returns.\n", encoding="utf-8")
    (documents / "page_files" / "x.css").write_text("p {}", encoding="utf-8")
    (documents / ".hidden").write_text("x", encoding="utf-8")
    result = plainly(documents, tmp_path / "kb")
    assert result.returncode == 1
    assert result.stderr.startswith("plainly: b.pdf ")
    assert result.stderr.count("\n") == 1
    kb = sound(tmp_path / "kb")
    assert list(kb.policies) == ["gift_wrapping", "returns", "returns_2"]
    assert "returns: 3 clauses from a.html." in result.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"docs", "kb"}
    assert "opening hours" in (tmp_path / "kb" / "TODO.md").read_text(encoding="utf-8")


def test_that_a_folder_that_is_there_keeps_all_its_files(tmp_path: Path) -> None:
    kb = shutil.copytree(BASE, tmp_path / "kb")
    before = files_in(kb)
    (tmp_path / "returns.html").write_text(HTML, encoding="utf-8")
    done(tmp_path / "returns.html", kb)
    sound(kb)
    after = files_in(kb)
    assert {path: after[path] for path in before} == before
    assert {path.relative_to(kb).as_posix() for path in set(after) - set(before)} == {
        "returns/policy.md",
        "returns/TODO.md",
    }


def test_that_what_was_imported_is_found_and_quoted(tmp_path: Path) -> None:
    (tmp_path / "returns.html").write_text(HTML, encoding="utf-8")
    done(tmp_path / "returns.html", tmp_path / "kb")
    question = "How many days do I have to send it back?"
    asked = CliRunner().invoke(app, ["ask", question, "--kb", str(tmp_path / "kb")], catch_exceptions=False)
    assert "You have **30 days** to send it back." in asked.output
    assert "*(Returns 2)*" in asked.output


def test_that_a_policy_that_is_there_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "returns.html").write_text(HTML, encoding="utf-8")
    done(tmp_path / "returns.html", tmp_path / "kb")
    before = files_in(tmp_path / "kb")
    again = plainly(tmp_path / "returns.html", tmp_path / "kb")
    assert again.returncode == 2
    assert "There is a policy “returns” in" in again.stderr
    assert "It stays as it is." in again.stderr
    assert files_in(tmp_path / "kb") == before


def test_that_the_same_file_gives_the_same_folder(tmp_path: Path) -> None:
    (tmp_path / "delivery.docx").write_bytes(
        docx(par("Delivery", "Title"), par("We deliver in 3 days."), table("ab", "cd"))
    )
    for name in ("one", "two"):
        done(tmp_path / "delivery.docx", tmp_path / name)
    one, two = ({p.relative_to(tmp_path / n): b for p, b in files_in(tmp_path / n).items()} for n in ("one", "two"))
    assert one == two


def test_that_a_folder_with_errors_is_mended_first(tmp_path: Path) -> None:
    kb = shutil.copytree(BASE, tmp_path / "kb")
    (kb / "business.yml").write_text("name: Only this\n", encoding="utf-8")
    before = files_in(kb)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    result = plainly(tmp_path / "a.txt", kb)
    assert result.returncode == 2
    assert "business.yml:1: " in result.stderr
    assert files_in(kb) == before
