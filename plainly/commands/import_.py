"""`plainly import`: documents become draft policies with the words as they were, and a list of what is left to do."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from plainly.commands.begin import (
    begin,
    begins,
    beside,
    check_folder,
    check_free,
    copy_folder,
    problems_in,
    put_in_place,
)
from plainly.errors import PlainlyError

if TYPE_CHECKING:
    from plainly.importing import Draft
    from plainly.kb.problems import Problem

TODO = "TODO.md"


def command(
    path: Annotated[Path, typer.Argument(help="A Markdown, HTML, text, Word or PDF file, or a folder of them.")],
    into: Annotated[Path, typer.Option(help="The policy folder; begun when there is none.")],
) -> None:
    """Turn documents into draft policies that `plainly check` finds sound, each with a to-do list."""
    folder = into.absolute()
    found = list(_files(path, folder))
    check_folder(folder)
    with beside(folder) as draft:
        work = _Import(draft, folder)
        for file in found:
            work.take(file, alone=file == path)
        written = work.publish()
    for line in _told(written, into):
        typer.echo(line)
    for problem in work.failed:
        typer.echo(f"plainly: {problem}", err=True)
    if work.failed:
        raise typer.Exit(1)


def _files(path: Path, folder: Path) -> Iterator[Path]:
    """The files to read, in a fixed order: not what is hidden, nor a saved page's own folder, nor what we write."""
    if not path.is_dir():
        yield path
        return
    found = False
    for file in sorted(path.rglob("*"), key=lambda one: one.relative_to(path).parts):
        inside = file.relative_to(path).parts
        saved = any(part.endswith("_files") for part in inside[:-1])
        hidden = any(part.startswith((".", "~", "__")) for part in inside)
        if file.is_file() and not hidden and not saved and not file.absolute().is_relative_to(folder):
            found = True
            yield file
    if not found:
        raise PlainlyError(
            "no_file", f"There is no document in {path}. Give a file, or a folder of them.", {"path": str(path)}
        )


@dataclass
class _Written:
    """A policy as it was drafted, with the file it came from and what the checker says of it."""

    draft: Draft
    file: str
    problems: tuple[Problem, ...] = ()


class _Import:
    """The drafts of the documents read so far, in a folder beside the one they will go to."""

    def __init__(self, draft: Path, folder: Path) -> None:
        self.draft = draft
        self.folder = folder
        self.begins = begins(folder)
        self.taken: set[str] = set()
        self.written: list[_Written] = []
        self.failed: list[str] = []
        if self.begins:
            begin(draft)
        else:
            copy_folder(folder, draft)
        self.pages = self._pages()

    def _pages(self) -> tuple[str, ...]:
        """The pages of the website that policies of this folder may link to."""
        from plainly.kb import load

        return load(self.draft).pages

    def take(self, file: Path, *, alone: bool) -> None:
        """Reads one document. What is wrong with the only one ends the command, otherwise it is told at the end."""
        from plainly.importing import drafts, read

        try:
            made = [self._free(one) for one in drafts(read(file, self.pages), file.stem)]
            for one in made:
                check_free(self.folder, one.id)
        except PlainlyError as wrong:
            if alone:
                raise
            self.failed.append(wrong.message if file.name in wrong.message else f"{file.name}: {wrong.message}")
            return
        self.written += [_Written(one, file.name) for one in made]

    def publish(self) -> list[_Written]:
        """Checks the drafts among the folder's policies, and puts each in its place in one step."""
        from plainly.importing import begun_text, todo_text

        if self.written:
            self._check()
        if not self.written:
            return []
        for one in self.written:
            text = todo_text(one.draft, one.file, one.problems)
            (self.draft / one.draft.id / TODO).write_text(text, encoding="utf-8")
        if self.begins:
            (self.draft / TODO).write_text(begun_text(), encoding="utf-8")
        put_in_place(self.draft, self.folder, [one.draft.id for one in self.written], whole=self.begins)
        return self.written

    def _free(self, one: Draft) -> Draft:
        """The draft under a name that no other draft of this run has."""
        name, count = one.id, 1
        while name in self.taken:
            count += 1
            name = f"{one.id}_{count}"
        self.taken.add(name)
        return replace(one, id=name)

    def _write(self, one: _Written) -> None:
        home = self.draft / one.draft.id
        home.mkdir(exist_ok=True)
        (home / "policy.md").write_text(one.draft.text(), encoding="utf-8")

    def _check(self) -> None:
        """Lets hard words pass with a note that says so. A draft with any other error is dropped, and told."""
        for one in self.written:
            self._write(one)
        problems = self._problems()
        hard = [one for one in problems if one.severity == "error" and one.code in ("hard_text", "hard_reply")]
        if hard:
            for one in self.written:
                one.draft = replace(one.draft, is_hard=one.draft.id in map(_policy, hard))
                self._write(one)
            problems = (*self._problems(), *(one for one in hard if one.code == "hard_reply"))
        errors = [one for one in problems if one.severity == "error" and one not in hard]
        for one in self.written:
            one.problems = tuple(found for found in problems if _policy(found) == one.draft.id)
            error = next((found for found in errors if _policy(found) == one.draft.id), None)
            if error:
                shutil.rmtree(self.draft / one.draft.id)
                self.failed.append(f"{one.file} cannot be made a sound policy: {error}")
        ours = {one.draft.id for one in self.written}
        theirs = next((one for one in errors if _policy(one) not in ours), None)
        if theirs:
            raise PlainlyError("broken_folder", f"Nothing was written: {theirs}", {"path": theirs.place.path})
        self.written = [one for one in self.written if (self.draft / one.draft.id).exists()]

    def _problems(self) -> tuple[Problem, ...]:
        return problems_in(self.draft, [one.draft.id for one in self.written])


def _policy(problem: Problem) -> str:
    return problem.place.path.partition("/")[0]


def _told(written: list[_Written], into: Path) -> Iterator[str]:
    """What was written, and what there is to do, in a few lines."""
    from plainly.importing import summary

    for one in written:
        count = sum(bool(clause.words) for clause in one.draft.clauses)
        yield f"{one.draft.id}: {count} clause{'' if count == 1 else 's'} from {one.file}."
        yield from (f"  {number} × {words}" for words, number in summary(one.draft, one.problems))
    if written:
        where = shlex.quote(str(into))
        yield f"Written to {into}. What is left to do is in the {TODO} of each policy."
        yield f"Then run `plainly check --kb {where}`."
