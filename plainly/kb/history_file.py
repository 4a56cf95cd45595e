"""Reads history.yml: what changed, when and why."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from plainly.kb.examples_file import rows_of
from plainly.kb.fields import Record
from plainly.kb.policy_file import read_resources
from plainly.kb.scope import Scope
from plainly.kb.yaml_reader import Node
from plainly.model import Place, Resource, Version

_NO_DATE = date(1900, 1, 1)


def read_history(node: Node | None, scope: Scope) -> tuple[Version, ...]:
    """The versions of a policy, newest first."""
    versions: list[Version] = []
    places: list[Place] = []
    for row in rows_of(node, scope, "versions") if node else ():
        with Record(row, scope.problems, "A version") as record:
            versions.append(_version(record))
            places.append(record.place("starts"))
    _check_order(versions, places, scope)
    _check_parameters(versions, scope)
    return tuple(versions)


def _version(record: Record) -> Version:
    removes = record.text("removes")
    starts = record.date("starts", required=True)
    replacements = read_resources(record, "replacements")
    lacking = _lacking(replacements, starts or date.max) if removes else {}
    if lacking:
        message = f'"{removes}" ends, but {", ".join(f"no {what}" for what in lacking)} replaces it.'
        fix = f"Add to replacements: {'; '.join(lacking.values())}."
        record.problems.error(record.place("removes"), "no_replacement", message, fix)
    return Version(
        id=record.text("id", required=True),
        starts=starts or _NO_DATE,
        changed=record.text("changed", required=True),
        why=record.text("why", required=True),
        affected=record.text("affected"),
        adapt=record.text("adapt"),
        removes=removes or None,
        replacements=replacements,
    )


def _lacking(replacements: tuple[Resource, ...], ends: date) -> dict[str, str]:
    """What is still missing to take the place of something that ends on a day, each with what to add.

    Nothing ends before there are documents, online help and a training that people could go to.
    """
    kinds = {one.kind for one in replacements}
    trained = any(one.kind == "training" and one.starts and one.starts <= ends for one in replacements)
    lacking = {}
    if "brochure" not in kinds:
        lacking["document"] = "a brochure"
    if not kinds & {"link", "video", "community"}:
        lacking["online help"] = "a link, video or community"
    if not trained:
        lacking["training in time"] = f"a training with starts: on or before {ends}"
    return lacking


def _check_order(versions: list[Version], places: list[Place], scope: Scope) -> None:
    for (newer, older), place in zip(pairwise(versions), places[1:], strict=True):
        if _NO_DATE not in (newer.starts, older.starts) and older.starts >= newer.starts:
            message = f'"{older.id}" does not start before the version above it.'
            scope.problems.error(place, "history_order", message, "Put the newest version first.")
    ids = [version.id for version in versions]
    for place, name in zip(places, ids, strict=True):
        if ids.count(name) > 1:
            message = f'Two versions are called "{name}".'
            scope.problems.error(place, "duplicate_name", message, "Give each version an id of its own.")


def _check_parameters(versions: list[Version], scope: Scope) -> None:
    starts = {version.starts for version in versions}
    for parameter in scope.parameters.values():
        for value in parameter.values[1:]:
            if not value.expected and value.start not in starts:
                message = f'"{parameter.name}" changes on {value.start}, but no version starts then.'
                fix = "Say in history.yml what changed, why, for whom, and how to adapt."
                scope.problems.error(value.place, "no_history", message, fix)
