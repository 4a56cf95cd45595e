"""`plainly import` reads each kind of file: its words as they were, in their order, and nothing around them."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainly.commands.begin import begin
from plainly.importing import drafts, read
from plainly.kb import load
from tests.importing.files import deleted, docx, inserted, linked, par, pdf, run, table, typeset
from tests.importing.samples import (
    HTML,
    MARKDOWN,
    PDF_LINES,
    TEXT,
    assert_in_order,
    imported,
    words_of,
)


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
