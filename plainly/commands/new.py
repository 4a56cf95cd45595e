"""`plainly new`: asks for the outline of a policy, and writes a folder that passes `plainly check`."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainly import clock
from plainly.commands.lines import open_knowledge
from plainly.errors import PlainlyError
from plainly.settings import settings

if TYPE_CHECKING:
    from plainly.kb.problems import Problem

CONTENT = Path(__file__).parent / "en"
Question = Mapping[str, Any]
Answers = dict[str, str]


def command(
    policy: Annotated[str, typer.Argument(help="The new policy's folder name, such as gift_wrapping.")],
    kb: Annotated[
        Path | None, typer.Option(help="The policy folder; begun with an outline when there is none.")
    ] = None,
) -> None:
    """Ask for a policy's outline and write a folder that passes `plainly check`. Enter takes what is in brackets."""
    folder = (kb or settings().kb).absolute()
    _check_free(folder, policy)
    with _beside(folder) as draft:
        outline = _Outline(draft, folder, policy)
        outline.ask_all()
        written = outline.publish()
    preview = f"plainly preview {policy}" + (f" --kb {shlex.quote(str(kb))}" if kb else "")
    typer.echo(f"Written: {written}. Read it with `{preview}`, then go on in its files.")


def _check_free(folder: Path, policy: str) -> None:
    from plainly.kb.files import NAME

    if not NAME.fullmatch(policy):
        raise PlainlyError(
            "bad_name", f"“{policy}” cannot name a policy. Use lower-case words joined by _.", {"policy": policy}
        )
    if folder.exists() and not folder.is_dir():
        raise PlainlyError("no_folder", f"{folder} is not a folder.", {"path": str(folder)})
    if (folder / policy).exists():
        raise PlainlyError(
            "already_there", f"There is a policy “{policy}” in {folder}. It stays as it is.", {"policy": policy}
        )


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder on the same disk to write in: what is not finished never lies among the policies."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".plainly-new-", dir=folder.parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


class _Outline:
    """The new files as the answers make them so far: what is not answered yet has its default."""

    def __init__(self, draft: Path, folder: Path, policy: str) -> None:
        from ruamel.yaml import YAML

        self.draft = draft
        self.folder = folder
        self.policy = policy
        self.questions = YAML(typ="safe").load(CONTENT / "outline.yml")
        self.begins = not folder.exists() or not any(folder.iterdir())
        self.mission = ["fair"] if self.begins else _mission_of(folder)
        self.business = self._defaults("business", "")
        self.policies = {policy: self._defaults("policy", policy)}
        self.ended = False

    def ask_all(self) -> None:
        """Who the business is and its first topics, where the folder begins; then the new policy."""
        if self.begins:
            shutil.copy(CONTENT / "pages.yml", self.draft)
            for question in self.questions["business"]:
                self._ask(question, self.business)
            for topic in self.questions["topics"]:
                self._ask_topic(topic)
        else:
            # The new policy is checked among the others: it may link to them, and they to it.
            shutil.copytree(self.folder, self.draft, ignore=shutil.ignore_patterns(".*"), dirs_exist_ok=True)
        for question in self.questions["policy"]:
            self._ask(self._with_mission(question), self.policies[self.policy])

    def publish(self) -> Path:
        """Puts what was written in its place in one step, so that it is there whole or not at all."""
        problem = self._problem()
        if problem:
            raise PlainlyError("broken_outline", f"Nothing was written: {problem}", {"policy": self.policy})
        if self.begins:
            self.draft.chmod(0o755)
            return self.draft.rename(self.folder)
        _check_free(self.folder, self.policy)
        return (self.draft / self.policy).rename(self.folder / self.policy)

    def _ask_topic(self, topic: Question) -> None:
        """A policy of one clause, when there is something to say about the topic."""
        if topic["id"] == self.policy:
            return
        self.policies[topic["id"]] = {**self._defaults("policy", topic["id"]), "title": topic["title"]}
        if not self._ask({**topic, "id": "clause"}, self.policies[topic["id"]], shown=""):
            del self.policies[topic["id"]]
            shutil.rmtree(self.draft / topic["id"], ignore_errors=True)

    def _ask(self, question: Question, answers: Answers, shown: str | None = None) -> bool:
        """Asks until the checker takes the answer; false when the default was taken. `shown` stands for it."""
        key, default = question["id"], answers[question["id"]]
        while not self.ended and (given := self._hear(question, default if shown is None else shown)):
            problem = None if given in question.get("of", {given}) else f"Please choose: {', '.join(question['of'])}."
            if problem is None:
                answers[key] = given
                problem = self._problem()
            if problem is None:
                return True
            answers[key] = default
            typer.echo(f"  {problem}")
        return False

    def _hear(self, question: Question, default: str) -> str:
        """One answer without what cannot be printed; "" for the default, which the end of the input stands for."""
        options = f" ({', '.join(question['of'])})" if "of" in question else ""
        try:
            text = input(f"{question['ask']}{options}{f' [{default}]' if default else ''}\n> ")
        except EOFError:
            self.ended = True
            return ""
        return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())

    def _problem(self) -> str | None:
        """The first error the checker finds in the folder as it would be."""
        self._write()
        error = _first_error(self.draft, self.policies)
        return f"{error.message} {error.fix}" if error else None

    def _write(self) -> None:
        if self.begins:
            self._fill("business.yml", self.draft, self.questions["business"], self.business)
        for policy, answers in self.policies.items():
            (self.draft / policy).mkdir(exist_ok=True)
            for name in ("policy.md", "history.yml"):
                self._fill(name, self.draft / policy, self.questions["policy"], answers)

    def _fill(self, name: str, folder: Path, questions: list[Question], answers: Answers) -> None:
        """A template with the answers; its lines that use an answer nobody gave are left out."""
        slots = {"today": _quoted(clock.today().isoformat())}
        for question in questions:
            given = answers[question["id"]]
            slots[question["id"]] = _written(question, given) if given else ""
            slots[f"{question['id']}_text"] = given
        lines = (CONTENT / name).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if all(slots[slot] for slot in re.findall(r"\$(\w+)", line))]
        text = "".join(f"{Template(line).substitute(slots)}\n" for line in kept)
        (folder / name).write_text(text, encoding="utf-8")

    def _defaults(self, part: str, policy: str) -> Answers:
        given = {
            "today": clock.today().isoformat(),
            "topic": policy.replace("_", " ").capitalize(),
            "mission": self.mission[0],
        }
        return {one["id"]: Template(one.get("default", "")).substitute(given) for one in self.questions[part]}

    def _with_mission(self, question: Question) -> Question:
        return (
            {**question, "of": {line: line for line in self.mission}} if question["id"] == "mission_line" else question
        )


def _mission_of(folder: Path) -> list[str]:
    """The lines of the mission. A folder with errors is mended first: they would be taken for the new policy's."""
    mission = list(open_knowledge(folder).business.mission)
    error = _first_error(folder, ())
    if error:
        raise PlainlyError("broken_folder", str(error))
    return mission


def _first_error(folder: Path, policies: Collection[str]) -> Problem | None:
    """The first error in what binds the folder together, and in these policies themselves."""
    from plainly.check import check

    problems = check(folder, clock.today(), policies).problems
    return next((one for one in problems if one.severity == "error"), None)


def _written(question: Question, given: str) -> str:
    """An answer as YAML: what is written for a choice, a list where several are asked for, else the words."""
    if question.get("list"):
        return json.dumps([part.strip() for part in given.split(";") if part.strip()], ensure_ascii=False)
    return _quoted(question.get("of", {}).get(given, given))


def _quoted(text: str) -> str:
    """A text in double quotes: whatever is in it, YAML reads it back as it is."""
    return json.dumps(text, ensure_ascii=False)
