"""`plainly import` says why a file cannot be read, and leaves nothing behind."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plainly.cli import app
from plainly.errors import PlainlyError
from tests.importing.files import docx, par, pdf

BROKEN = {
    "empty.txt": (b"  \n", "is empty"),
    "garbage.txt": (bytes(range(256)) * 20, "no readable text"),
    "blank.html": (b"<html><body><script>x()</script></body></html>", "holds no text"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500, "as .docx"),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500, "without a password"),
    "notes.xyz": (b"Some words of a rule.", "of a kind that cannot be read"),
    "fake.pdf": (b"Some words of a rule.", "no .pdf file"),
    "fake.docx": (b"Some words of a rule.", "no .docx file"),
    "fake.txt": (b"%PDF-1.4 words", "no .txt file"),
    "cut.pdf": (b"%PDF-1.4\n1 0 obj <<", "cut.pdf"),
    "cut.docx": (docx(par("Some words."))[:300], "cannot be read as a Word document"),
    "other.docx": (b"", "cannot be read as a Word document"),
    "scan.pdf": (pdf([]), "may be a scan"),
    "locked.pdf": (
        pdf(
            [(72, 700, 11, False, "Words")],
            encrypt=f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'61' * 32}> "
            f"/U <{'62' * 32}> >> /ID [<61> <61>]",
        ),
        "locked with a password",
    ),
    "bomb.docx": (docx(par("Words."), extra={"word/media/x.bin": bytes(120_000_000)}), "unpacks to more than 100 MB"),
    "huge.txt": (b"word " * 4_200_000, "larger than 20 MB"),
    "deep.html": (b"<div>" * 20_000 + b"Words of a rule", "nested too deeply"),
    "entity.docx": (b"", "cannot be read as a Word document"),
}


def broken(name: str) -> bytes:
    made = io.BytesIO()
    if name == "other.docx":
        with zipfile.ZipFile(made, "w") as package:
            package.writestr("notes.txt", "no Word file")
    elif name == "entity.docx":
        with zipfile.ZipFile(made, "w") as package:
            package.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return made.getvalue() or BROKEN[name][0]


@pytest.mark.parametrize("name", BROKEN)
def test_that_a_file_that_cannot_be_read_says_why_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / name
    file.write_bytes(broken(name))
    with pytest.raises(PlainlyError) as wrong:
        CliRunner().invoke(app, ["import", str(file), "--into", str(tmp_path / "kb")], catch_exceptions=False)
    assert BROKEN[name][1] in wrong.value.message
    assert name in wrong.value.message
    assert wrong.value.message.endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
