"""Reads business.yml, glossary.yml and pages.yml."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plainly.kb.fields import Record, list_of, table_of, text_of
from plainly.kb.links import check_target
from plainly.kb.problems import Problems
from plainly.kb.scope import is_name
from plainly.kb.values import BadValue, parse_date
from plainly.kb.yaml_reader import Node, Text
from plainly.model import Business, Channel, EscalationReason, OpeningHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KINDS = ("chat", "phone", "email", "post", "store", "social", "community", "form")
_MOST_MINUTES = 10_000
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


def read_business(node: Node, problems: Problems) -> Business:
    """Who the business is, what it promises everyone, and how to reach it."""
    with Record(table_of(node, problems, "business.yml"), problems, "business.yml") as record:
        return Business(
            name=record.text("name", required=True),
            about=record.text("about"),
            mission=_mission(record),
            service_goals=record.texts("service_goals"),
            answer_minutes=_answer_minutes(record),
            currency=_matching(record, "currency", r"[A-Z]{3}", otherwise="GBP"),
            languages=record.texts("languages") or ("en",),
            hours=_hours(record),
            channels=_channels(record),
            escalation=record.texts("escalation", required=True),
            memberships=record.texts("memberships"),
            equal_treatment=record.text("equal_treatment", required=True),
        )


def _mission(record: Record) -> dict[str, str]:
    lines = {}
    for entry in record.table("mission", required=True):
        if is_name(entry.key, record.problems, "a mission line"):
            lines[entry.key.value] = text_of(entry.value, record.problems, "A mission line")
    return lines


def _answer_minutes(record: Record) -> dict[str, int]:
    node = record.get("answer_minutes")
    if node is None:
        return {}
    promised = {}
    with Record(table_of(node, record.problems, '"answer_minutes"'), record.problems, "The answer times") as times:
        for kind in ("first", "next", *get_args(EscalationReason)):
            minutes = times.value(kind, _minutes, 0, required=kind == "first")
            if minutes:
                promised[kind] = minutes
    return promised


def _minutes(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,4}", text, re.ASCII) or int(text) > _MOST_MINUTES:
        raise BadValue(f'"{text}" is not a number of minutes; write a whole number from 1 to {_MOST_MINUTES:,}.')
    return int(text)


def _matching(record: Record, key: str, pattern: str, *, otherwise: str) -> str:
    text = record.text(key) or otherwise
    if not re.fullmatch(pattern, text, re.ASCII):
        message = f'"{text}" cannot be the {key}.'
        record.problems.error(record.place(key), "bad_value", message, f"Write it as {otherwise}, for example.")
    return text


def _hours(record: Record) -> OpeningHours:
    node = record.get("hours", required=True)
    if node is None:
        return OpeningHours({}, "UTC")
    with Record(table_of(node, record.problems, '"hours"'), record.problems, "The opening hours") as hours:
        zone = hours.text("timezone", required=True)
        if zone and not _is_zone(zone):
            message = f'There is no time zone called "{zone}".'
            record.problems.error(hours.place("timezone"), "bad_value", message, "Write it as Europe/London.")
        return OpeningHours(_week(hours), zone, _closed(hours))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _week(hours: Record) -> dict[int, tuple[str, str]]:
    week = {}
    node = hours.get("week", required=True)
    if node is None:
        return {}
    with Record(table_of(node, hours.problems, '"week"'), hours.problems, "The week") as record:
        for number, day in enumerate(DAYS):
            text = record.text(day)
            match = _HOURS.fullmatch(text.replace(" ", ""))
            if match and text.replace(" ", "")[:5] < text.replace(" ", "")[6:] <= "24:00":
                week[number] = (f"{match[1]}:{match[2]}", f"{match[3]}:{match[4]}")
            elif text:
                message = f'"{text}" is not a span of opening hours.'
                fix = 'Write "09:00-17:30"; leave the day out when closed.'
                record.problems.error(record.place(day), "bad_value", message, fix)
    return week


def _closed(hours: Record) -> dict[date, str]:
    closed = {}
    for entry in hours.table("closed"):
        try:
            closed[parse_date(entry.key.value)] = text_of(entry.value, hours.problems, "The name of a closed day")
        except BadValue as error:
            hours.problems.error(entry.key.place, error.code, error.message, "Key closed days by their date.")
    return closed


def _channels(record: Record) -> tuple[Channel, ...]:
    channels: list[Channel] = []
    for one in record.records("channels", "A channel"):
        id_ = one.text("id", required=True)
        if id_ in [channel.id for channel in channels]:
            message = f'Two channels are called "{id_}".'
            record.problems.error(one.place("id"), "duplicate_name", message, "Give each an id of its own.")
        kind = cast(Any, one.choice("kind", _KINDS))
        target = one.text("target", required=True)
        if kind in ("chat", "phone", "social", "community", "form", "store") and target:
            check_target(target, kind, one.place("target"), record.problems)
        channels.append(Channel(id_, kind, one.text("title", required=True), target, one.text("say")))
    return tuple(channels)


def read_glossary(node: Node, problems: Problems) -> dict[str, tuple[str, ...]]:
    """What customers say -> what the policies say."""
    glossary = {}
    for entry in table_of(node, problems, "glossary.yml").entries:
        word = " ".join(entry.key.value.lower().split())
        if not word:
            problems.error(entry.key.place, "empty_value", "A word is missing here.", "Write it, or remove the line.")
            continue
        nodes = (entry.value,) if isinstance(entry.value, Text) else list_of(entry.value, problems, f'"{word}"')
        glossary[word] = tuple(text for item in nodes if (text := text_of(item, problems, f'A word for "{word}"')))
    return glossary


def read_pages(node: Node, problems: Problems) -> tuple[str, ...]:
    """The pages that the website has, beside the policies' own."""
    pages = []
    for item in list_of(node, problems, "pages.yml"):
        path = text_of(item, problems, "A page")
        check_target(path, "link", item.place, problems)
        pages.append(path)
    return tuple(pages)
