"""`plainly new`: asks for the outline of a policy, and writes a folder that passes `plainly check`."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Annotated

import typer

from plainly import clock
from plainly.commands.begin import (
    Answers,
    Question,
    begin,
    begins,
    beside,
    check_free,
    copy_folder,
    defaults,
    fill,
    first_error,
    put_in_place,
    questions,
)
from plainly.commands.lines import open_knowledge
from plainly.errors import PlainlyError
from plainly.settings import settings


def command(
    policy: Annotated[str, typer.Argument(help="The new policy's folder name, such as gift_wrapping.")],
    kb: Annotated[
        Path | None, typer.Option(help="The policy folder; begun with an outline when there is none.")
    ] = None,
) -> None:
    """Ask for a policy's outline and write a folder that passes `plainly check`. Enter takes what is in brackets."""
    folder = (kb or settings().kb).absolute()
    check_free(folder, policy)
    with beside(folder) as draft:
        outline = _Outline(draft, folder, policy)
        outline.ask_all()
        written = outline.publish()
    preview = f"plainly preview {policy}" + (f" --kb {shlex.quote(str(kb))}" if kb else "")
    typer.echo(f"Written: {written}. Read it with `{preview}`, then go on in its files.")


class _Outline:
    """The new files as the answers make them so far: what is not answered yet has its default."""

    def __init__(self, draft: Path, folder: Path, policy: str) -> None:
        self.draft = draft
        self.folder = folder
        self.policy = policy
        self.questions = questions()
        self.begins = begins(folder)
        self.mission = ["fair"] if self.begins else _mission_of(folder)
        self.business = self._defaults("business", "")
        self.policies = {policy: self._defaults("policy", policy)}
        self.ended = False

    def ask_all(self) -> None:
        """Who the business is and its first topics, where the folder begins; then the new policy."""
        if self.begins:
            for question in self.questions["business"]:
                self._ask(question, self.business)
            for topic in self.questions["topics"]:
                self._ask_topic(topic)
        else:
            copy_folder(self.folder, self.draft)
        for question in self.questions["policy"]:
            self._ask(self._with_mission(question), self.policies[self.policy])

    def publish(self) -> Path:
        """Puts what was written in its place in one step, so that it is there whole or not at all."""
        problem = self._problem()
        if problem:
            raise PlainlyError("broken_outline", f"Nothing was written: {problem}", {"policy": self.policy})
        put_in_place(self.draft, self.folder, [self.policy], whole=self.begins)
        return self.folder if self.begins else self.folder / self.policy

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
        error = first_error(self.draft, self.policies)
        return f"{error.message} {error.fix}" if error else None

    def _write(self) -> None:
        if self.begins:
            begin(self.draft, self.business)
        for policy, answers in self.policies.items():
            (self.draft / policy).mkdir(exist_ok=True)
            for name in ("policy.md", "history.yml"):
                fill(name, self.draft / policy, self.questions["policy"], answers)

    def _defaults(self, part: str, policy: str) -> Answers:
        topic = policy.replace("_", " ").capitalize()
        return defaults(part, today=clock.today().isoformat(), topic=topic, mission=self.mission[0])

    def _with_mission(self, question: Question) -> Question:
        return (
            {**question, "of": {line: line for line in self.mission}} if question["id"] == "mission_line" else question
        )


def _mission_of(folder: Path) -> list[str]:
    """The lines of the mission. A folder with errors is mended first: they would be taken for the new policy's."""
    mission = list(open_knowledge(folder).business.mission)
    error = first_error(folder, ())
    if error:
        raise PlainlyError("broken_folder", str(error))
    return mission
