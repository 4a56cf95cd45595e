"""The conversation README shows, played again. `python -m tests.conversations.readme --write` puts what was said there.

Without `--write` it prints the conversation and changes nothing.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from plainly.run import ROOT
from plainly.run.stack import Stack
from plainly.run.training import train_if_needed
from tests.conversations.conftest import ENVIRONMENT
from tests.conversations.customer import Customer

README = ROOT / "README.md"
_SHOWN = re.compile(r"(?:^>.*\n)+", re.MULTILINE)
_CUSTOMER = "**Customer** "


def shown() -> str:
    """The conversation as README has it: its one quotation."""
    found = _SHOWN.search(README.read_text(encoding="utf-8"))
    assert found is not None, "README shows no conversation"
    return found[0]


def played(url: str) -> str:
    """The same words said to a running assistant, with its answers and buttons, as a quotation in Markdown."""
    said = [line.removeprefix(f"> {_CUSTOMER}") for line in shown().splitlines() if _CUSTOMER in line]
    paragraphs = []
    with Customer(url) as customer:
        for words in said:
            customer.send({"text": words}).raise_for_status()
            paragraphs.append(_CUSTOMER + words)
            for reply in customer.hear():
                paragraphs.append(f"**Plainly** {reply['text'].strip()}")
                paragraphs.append(" ".join(f"`{button['label']}`" for button in reply["buttons"]))
    lines = "\n\n".join(paragraph for paragraph in paragraphs if paragraph).splitlines()
    return "".join(f"> {line}".rstrip() + "\n" for line in lines)


def main(*, write: bool) -> None:
    """Start the assistant on the day of the conversations, play, and print or write what was said."""
    train_if_needed(ROOT)
    with tempfile.TemporaryDirectory() as var, Stack(var=Path(var), env=ENVIRONMENT) as stack:
        stack.wait_ready()
        now = played(stack.url)
    if write:
        README.write_text(README.read_text(encoding="utf-8").replace(shown(), now), encoding="utf-8")
    else:
        print(now, end="")


if __name__ == "__main__":
    main(write="--write" in sys.argv[1:])
