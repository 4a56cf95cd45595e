"""Documents to import, and what the command makes of them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from typer.testing import CliRunner

from plainly.cli import app
from plainly.model import Policy
from plainly.run import ROOT
from tests.kb.folders import sound

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
