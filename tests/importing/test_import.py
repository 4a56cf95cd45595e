"""`plainly import`: what is written passes the real checker with the words as they were, or nothing is written."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from plainly.check import check
from plainly.cli import app
from plainly.commands.begin import begin
from plainly.errors import PlainlyError
from plainly.importing import drafts, read
from plainly.kb import load
from plainly.model import KnowledgeBase, Policy
from plainly.run import ROOT
from tests.importing.files import deleted, docx, inserted, linked, par, pdf, run, table, typeset
from tests.kb.folders import BASE

HTML = """<!DOCTYPE html><html><head><title>Returns | Shop</title><style>p {color: red}</style>
<script>var bad = "tracked";</script></head><body>
<div class="cookie-banner">We use cookies.</div><header><nav>Home Sale</nav></header>
<h1>Returns</h1><p>We want you to be content.
<h2>Time limits</h2><p>You have <b>30 days</b> to send it back.<p>Sale items have 14 days.
<h2>What it costs</h2>
<table><tr><th>Where</th><th>Cost</th><th>Time</th></tr><tr><td>UK</td><td>£3.50</td><td>3 days</td></tr></table>
<ul><li>Keep the label<li>Keep the box</ul>
<p>See <a href="https://post.example/find">the post office</a> or <a href="/nowhere">this page</a>.</p>
<img src="https://shop.example/map.png" alt="A map"><p style="display: none">Secret words</p>
</body><footer>Company 0123</footer></html>"""
MARKDOWN = """# Gift cards

Cards last 24 months.

## 1. Using one

Use it in *any* shop. See [the terms](https://shop.example/terms).

## 3. Losing one

> Tell us at once.

| Value | Fee |
|---|---|
| £10 | £1 |
"""
TEXT = """GIFT WRAPPING

1. What we do

1.1 We wrap most things for you, for
£4 a parcel.

1.2 We do not wrap sofas.

2. How to ask

- choose it online
- ask in
  the shop
"""
PDF_LINES = [
    ("Complaints", 20, True),
    ("", 10, False),
    ("1. How to complain", 13, True),
    ("You can complain in any shop. We write down what you tell us, and we ans-", 11, False),
    ("wer within 5 days of the day on which you told us what went wrong here.", 11, False),
    ("", 11, False),
    ("A second paragraph has its own place.", 11, False),
    ("", 11, False),
    ("2. Who helps", 13, True),
    ("We may offer:", 11, False),
    ("- an apology", 11, False),
    ("- a refund", 11, False),
]


def plainly(path: Path, into: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plainly.cli", "import", str(path), "--into", str(into)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=110, encoding="utf-8")


def done(path: Path, into: Path) -> str:
    """What the command says, once it has done all of its work."""
    result = CliRunner().invoke(app, ["import", str(path), "--into", str(into)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def sound(kb: Path) -> KnowledgeBase:
    """The folder, once the checker has found no error in it."""
    report = check(kb, date(2026, 11, 21))
    assert report.ok, [str(problem) for problem in report.problems if problem.severity == "error"]
    found = load(kb).kb
    assert found is not None
    return found


def imported(tmp_path: Path, name: str, content: str | bytes) -> tuple[Policy, str]:
    """The one policy of a file, and its to-do list."""
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    done(file, tmp_path / "kb")
    (policy,) = sound(tmp_path / "kb").policies.values()
    return policy, (tmp_path / "kb" / policy.id / "TODO.md").read_text(encoding="utf-8")


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", text))


def assert_in_order(words: Sequence[str], text: str) -> None:
    rest = iter(words_of(text))
    for word in words:
        assert word in rest, f"{word} is missing, or stands elsewhere"


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_that_a_web_page_gives_its_words_and_nothing_around_them(tmp_path: Path) -> None:
    policy, todo = imported(tmp_path, "returns page.html", HTML)
    assert (policy.id, policy.title, policy.level) == ("returns", "Returns", "quoted")
    assert [(clause.number, clause.title) for clause in policy.clauses.values()] == [
        ("1", "Returns"),
        ("2", "Time limits"),
        ("3", "What it costs"),
    ]
    assert policy.clauses["2"].text == "You have **30 days** to send it back.\n\nSale items have 14 days."
    costs = policy.clauses["3"].text
    assert "- Where: UK; Cost: £3.50; Time: 3 days" in costs
    assert "- Keep the label\n- Keep the box" in costs
    assert "[the post office](https://post.example/find) or this page." in costs
    written = (tmp_path / "kb/returns/policy.md").read_text(encoding="utf-8")
    assert not re.search("cookies|tracked|color|Sale Home|Company|Secret|map.png", written)
    for told in ("“Secret words”", "“Company 0123”", "“A map”", "“this page” (/nowhere)", "clause 3 became a list"):
        assert told in todo


def test_that_a_word_file_is_read_by_its_styles(tmp_path: Path) -> None:
    body = [
        par("Delivery policy", "Title"),
        par("2. Where we deliver", "Heading1"),
        par(run("We deliver to ") + deleted("Wales") + inserted("the whole UK") + run(". See ") + linked("our help")),
        par("4. Prices", "Heading1"),
        par("4.1 Standard", "Heading2"),
        table(("Weight", "Price"), ("Light", "£4"), ("Heavy", "£8")),
        par("Late parcels", "Heading1"),
        par("First", level=0),
        par("Second", level=1),
        par(run("Contact", bold=True)),
        par("Write to us."),
    ]
    policy, todo = imported(tmp_path, "delivery.docx", docx(*body))
    assert {number: clause.title for number, clause in policy.clauses.items()} == {
        "2": "Where we deliver",
        "4.1": "Standard",
        "5": "Late parcels",
        "5.1": "Contact",
    }
    assert policy.clauses["2"].text == "We deliver to the whole UK. See [our help](https://shop.example/help)"
    assert policy.clauses["4.1"].text == "Weight: Price\n\n- Light: £4\n- Heavy: £8"
    assert policy.clauses["5"].text == "- First\n   - Second"
    for told in ("Word tracked changes", "“Contact”", "“£4” in clause 4.1", "our help"):
        assert told in todo


def test_that_markdown_keeps_its_numbers_and_loses_what_the_format_cannot_show(tmp_path: Path) -> None:
    policy, todo = imported(tmp_path, "gift-cards.md", MARKDOWN)
    assert list(policy.clauses) == ["0", "1", "3"]
    assert policy.clauses["1"].text == "Use it in *any* shop. See [the terms](https://shop.example/terms)."
    assert policy.clauses["3"].text == "Tell us at once.\n\nValue: Fee\n\n- £10: £1"
    assert "leave out 2" in todo
    assert "became clause 0" in todo


def test_that_plain_text_is_read_by_its_lines(tmp_path: Path) -> None:
    policy, todo = imported(tmp_path, "wrap.txt", TEXT)
    assert (policy.id, policy.title) == ("gift_wrapping", "GIFT WRAPPING")
    assert policy.clauses["1.1"].text == "We wrap most things for you, for £4 a parcel."
    assert policy.clauses["1.2"].title == "What we do"
    assert policy.clauses["2"].text == "- choose it online\n- ask in the shop"
    assert "have the title of their section: 1.1; 1.2." in todo


def test_that_a_pdf_is_read_without_its_page_edges_and_parted_words(tmp_path: Path) -> None:
    lines = [*PDF_LINES, *[("This line is here to fill the page, and no more than that.", 11, False)] * 60]
    data = typeset(lines, header="Shop | Complaints", footer="Page {page}")
    policy, todo = imported(tmp_path, "complaints.pdf", data)
    assert policy.title == "Complaints"
    first, second = policy.clauses["1"].text.split("\n\n")
    assert "and we answer within 5 days" in first
    assert second == "A second paragraph has its own place."
    assert "- an apology\n- a refund" in next(c.text for c in policy.clauses.values() if c.title == "Who helps")
    assert not re.search("Page|Shop", (tmp_path / "kb/complaints/policy.md").read_text(encoding="utf-8"))
    assert "“Shop | Complaints”; “Page 1”" in todo
    assert "“answer”" in todo


def test_that_the_rows_of_a_pdf_stay_together(tmp_path: Path) -> None:
    rows = [("Service", "Price"), ("Standard", "£4"), ("Express", "£8")]
    page = [(72, 700, 18, True, "Delivery prices"), (72, 660, 11, False, "These are the prices we ask for.")]
    for at, (service, price) in enumerate(rows):
        page += [(72, 620 - 20 * at, 11, not at, service), (300, 620 - 20 * at, 11, not at, price)]
    policy, _ = imported(tmp_path, "prices.pdf", pdf(page))
    text = "\n".join(clause.text for clause in policy.clauses.values())
    assert "Service: Price\n\n- Standard: £4\n- Express: £8" in text


WORDS = st.lists(st.from_regex(r"[A-Za-z]{1,9}[,.]?|[0-9]{1,3}|£[0-9]", fullmatch=True), min_size=4, max_size=30)
HOSTILE = st.sampled_from(
    ["# 1 x", "<b>", "a|b|", "](/x)", "![y](z)", "---", "```", "> q", "*", "_", "\\", "$x", "{z}"]
)
PARAGRAPHS = st.lists(
    WORDS.map(" ".join) | st.builds("{} {} end".format, HOSTILE, WORDS.map(" ".join)), min_size=1, max_size=6
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARAGRAPHS)
def test_that_every_word_is_kept_whatever_it_looks_like(tmp_path: Path, paragraphs: list[str]) -> None:
    words = words_of(" ".join(one.replace("](", " (") for one in paragraphs))
    kb = tmp_path / "kb"
    if not kb.exists():
        kb.mkdir()
        begin(kb)
    # A text with Markdown's headings is read as Markdown, where <b> is no word.
    text = "\n\n".join(one.removeprefix("# ") for one in paragraphs)
    for name, data in (
        ("a.txt", text.encode()),
        ("a.docx", docx(*(par(run(one)) for one in paragraphs))),
    ):
        (tmp_path / name).write_bytes(data)
        (draft,) = drafts(read(tmp_path / name), "a")
        # A number that leads a paragraph may become the clause's, and a first line the title.
        body = f"{draft.title} " + " ".join(f"{one.number} {one.title} {one.words}" for one in draft.clauses)
        noted = " ".join(about for note in draft.notes for about in note.about.values())
        assert not set(words) - set(words_of(f"{body} {noted}"))
        (kb / "a").mkdir(exist_ok=True)
        (kb / "a" / "policy.md").write_text(draft.text(), encoding="utf-8")
        loaded = load(kb)
        assert not [str(one) for one in loaded.problems if one.severity == "error"]


def test_that_the_words_of_every_kind_of_file_stay_in_order(tmp_path: Path) -> None:
    said = [f"Rule {name} says that you can bring back {number} things." for number, name in enumerate("abcdefgh", 2)]
    html = "".join(f"<h2>Part {one}</h2><p>{text}</p>" for one, text in zip("PQRSTUVW", said, strict=True))
    files = {
        "a.html": html.encode(),
        "b.md": "\n\n".join(said).encode(),
        "c.txt": "\n\n".join(said).encode(),
        "d.docx": docx(*(par(text) for text in said)),
        "e.pdf": typeset([line for text in said for line in ((text, 11, False), ("", 11, False))]),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        (draft,) = drafts(read(tmp_path / name), "rules")
        assert_in_order(words_of(" ".join(said)), " ".join(clause.words for clause in draft.clauses))
        assert len([clause for clause in draft.clauses if clause.words]) == len(said), name


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
