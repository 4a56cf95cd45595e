"""What the commands that write policies share: the first files of a folder, and writing beside it before it counts."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from plainly import clock
from plainly.errors import PlainlyError

if TYPE_CHECKING:
    from plainly.kb.problems import Problem

CONTENT = Path(__file__).parent / "en"
Question = Mapping[str, Any]
Answers = dict[str, str]


def check_free(folder: Path, policy: str) -> None:
    """Raises PlainlyError when a policy of that name cannot be begun in the folder."""
    from plainly.kb.files import NAME

    if not NAME.fullmatch(policy):
        raise PlainlyError(
            "bad_name", f"“{policy}” cannot name a policy. Use lower-case words joined by _.", {"policy": policy}
        )
    check_folder(folder)
    if (folder / policy).exists():
        raise PlainlyError(
            "already_there", f"There is a policy “{policy}” in {folder}. It stays as it is.", {"policy": policy}
        )


def check_folder(folder: Path) -> None:
    """Raises PlainlyError when something else is where the folder should be."""
    if folder.exists() and not folder.is_dir():
        raise PlainlyError("no_folder", f"{folder} is not a folder.", {"path": str(folder)})


def begins(folder: Path) -> bool:
    """Whether the folder is still to be begun."""
    return not folder.exists() or not any(folder.iterdir())


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A folder on the same disk to write in: what is not finished never lies among the policies."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".plainly-new-", dir=folder.parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def copy_folder(folder: Path, draft: Path) -> None:
    """Copies a policy folder: a new policy is checked among the others, it may link to them and they to it."""
    shutil.copytree(folder, draft, ignore=shutil.ignore_patterns(".*"), dirs_exist_ok=True)


@cache
def questions() -> Mapping[str, list[Question]]:
    """What is asked about a business, its first topics and a policy."""
    from ruamel.yaml import YAML

    asked: Mapping[str, list[Question]] = YAML(typ="safe").load(CONTENT / "outline.yml")
    return asked


def defaults(part: str, **given: str) -> Answers:
    """The answers that stand until another is given."""
    return {one["id"]: Template(one.get("default", "")).safe_substitute(given) for one in questions()[part]}


def begin(draft: Path, business: Answers | None = None) -> None:
    """Writes the files of a new folder that belong to no policy."""
    shutil.copy(CONTENT / "pages.yml", draft)
    fill("business.yml", draft, questions()["business"], business or defaults("business"))


def fill(name: str, folder: Path, asked: list[Question], answers: Answers) -> None:
    """A template with the answers; its lines that use an answer nobody gave are left out."""
    slots = {"today": quoted(clock.today().isoformat())}
    for question in asked:
        given = answers[question["id"]]
        slots[question["id"]] = _written(question, given) if given else ""
        slots[f"{question['id']}_text"] = given
    lines = (CONTENT / name).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if all(slots[slot] for slot in re.findall(r"\$(\w+)", line))]
    text = "".join(f"{Template(line).substitute(slots)}\n" for line in kept)
    (folder / name).write_text(text, encoding="utf-8")


def problems_in(folder: Path, policies: Collection[str]) -> tuple[Problem, ...]:
    """What the checker says of what binds the folder together, and of these policies themselves."""
    from plainly.check import check

    return check(folder, clock.today(), policies).problems


def first_error(folder: Path, policies: Collection[str]) -> Problem | None:
    """The first error among them."""
    return next((one for one in problems_in(folder, policies) if one.severity == "error"), None)


def put_in_place(draft: Path, folder: Path, policies: Collection[str], *, whole: bool) -> None:
    """Moves what was written beside the folder to its place: the `whole` of one that is begun, else these policies."""
    if whole:
        draft.chmod(0o755)
        draft.rename(folder)
        return
    for policy in policies:
        check_free(folder, policy)
        (draft / policy).rename(folder / policy)


def _written(question: Question, given: str) -> str:
    """An answer as YAML: what is written for a choice, a list where several are asked for, else the words."""
    if question.get("list"):
        return json.dumps([part.strip() for part in given.split(";") if part.strip()], ensure_ascii=False)
    return quoted(question.get("of", {}).get(given, given))


def quoted(text: str) -> str:
    """A text in double quotes: whatever is in it, YAML reads it back as it is."""
    return json.dumps(text, ensure_ascii=False)
