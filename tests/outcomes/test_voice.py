"""Gaps are grouped so that what is asked most comes first, and nobody's question counts twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from plainly.outcomes.voice import Remark, gaps

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)


def asked(words: str, conversation: str, policy: str = "delivery", minutes: int = 0, kind: str = "gap") -> Remark:
    return Remark(conversation, 1, NOW + timedelta(minutes=minutes), kind=kind, words=words, policy=policy)


def test_that_what_is_asked_most_comes_first() -> None:
    found = gaps(
        [
            asked("Do you ship to Mars?", "a"),
            asked("Where do I park?", "b", "stores"),
            asked("where do I park", "c", "stores", 5),
            asked("Is there a lift?", "c", "stores", 6),
            asked("Is there a cafe?", "c", "stores", 7),
        ]
    )
    assert [(gap.policy, gap.count) for gap in found] == [("stores", 4), ("delivery", 1)]
    shown = [(one.words, one.count) for one in found[0].questions]
    assert shown == [("where do I park", 2), ("Is there a cafe?", 1), ("Is there a lift?", 1)]
    assert found[0].questions[0].remarks[0].at == NOW + timedelta(minutes=5)


def test_that_a_conversation_counts_once_for_a_question() -> None:
    found = gaps([asked("Where do I park?", "a"), asked("Where do I park?", "a", minutes=1)])
    assert [one.count for one in found[0].questions] == [1]


def test_that_questions_of_marks_alone_stay_apart_and_other_records_are_no_gaps() -> None:
    found = gaps([asked("???", "a"), asked("🙂", "b"), asked("Lovely", "c", kind="feedback")])
    assert {one.words for one in found[0].questions} == {"???", "🙂"}
    assert gaps([]) == []
