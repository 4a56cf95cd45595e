"""Back with the bot: it knows what was said and granted, answers what is open, and no late word of it gets out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from plainly.store import Store
from plainly.store.tables import ConversationRow, GrantRow, TurnRow
from tests.gateway.console.desks import Agent, texts, wait_until
from tests.gateway.processes import Customer, Json, StandInRasa


def context_of(tables: Store, customer: Customer) -> Json:
    with tables.read() as session:
        return session.get_one(ConversationRow, customer.id).context


def is_running(tables: Store, customer: Customer) -> bool:
    with tables.read() as session:
        states = session.scalars(select(TurnRow.state).where(TurnRow.conversation_id == customer.id))
        return "running" in list(states)


def grant(tables: Store, customer: Customer, agent: Agent) -> None:
    with tables.write() as session:
        session.add(
            GrantRow(
                conversation_id=customer.id,
                message_seq=1,
                holder=f"conversation:{customer.id}",
                policy="returns",
                lever="one_more_week",
                amount="7 days",
                reason="ill",
                granted_by=agent.id,
                granted_at=datetime.now(UTC),
            )
        )


def test_that_the_next_turn_goes_on_from_what_people_said_and_granted(
    sam: Agent, customer: Customer, rasa: StandInRasa, tables: Store
) -> None:
    customer.ask("decide")
    customer.ask("escalate second_refusal")
    sam.does(customer.id, "claim")
    sam.writes(customer.id, "I can give you a week more.")
    grant(tables, customer, sam)
    sam.does(customer.id, "notes", id="n1", text="between us")
    item = sam.does(customer.id, "hand-back")
    assert (item["owner"], customer.look()["owner"]) == ("bot", "bot")
    told = texts(customer, "system")[-1]
    assert told.startswith("Sam has handed you back to me, the assistant. What Sam granted you stands: 7 days")
    answer = customer.ask("so what now?")
    assert (answer["author"], answer["text"]) == ("bot", "Turn 3: so what now?")
    context = rasa.calls(customer.id)[-1]["metadata"]["case"]["context"]
    assert context["told"] == [{"by": "Sam", "text": "I can give you a week more."}]
    assert [(one["by"], one["policy"], one["lever"]) for one in context["granted"]] == [
        ("Sam", "returns", "one_more_week")
    ]
    assert "lever:one_more_week" in context["offered"]
    assert (context["pushbacks"], context["awaiting"], context["choices"]) == (0, "nothing", [])
    assert "between us" not in str(context)
    assert rasa.calls(customer.id)[-1]["metadata"]["case"]["levers_left"] == {"returns.one_more_week": 1}


def test_that_what_the_bot_granted_is_remembered_but_not_told_as_a_persons(
    sam: Agent, customer: Customer, rasa: StandInRasa
) -> None:
    customer.ask("grant")
    customer.ask("escalate second_refusal")
    sam.does(customer.id, "claim")
    sam.does(customer.id, "hand-back")
    assert "granted" not in texts(customer, "system")[-1]
    customer.ask("so what now?")
    granted = rasa.calls(customer.id)[-1]["metadata"]["case"]["context"]["granted"]
    assert granted == [{"by": "", "policy": "returns", "lever": "one_more_week", "what": "7 days more"}]


def test_that_a_hand_back_without_a_grant_says_so_plainly(sam: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "claim")
    sam.does(waiting.id, "hand-back")
    assert texts(waiting, "system")[-1] == (
        "Sam has handed you back to me, the assistant. I know what the two of you settled. "
        "You can ask for a person any time."
    )


def test_that_the_bot_answers_what_nobody_answered(sam: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "claim")
    sam.writes(waiting.id, "the assistant can tell you that")
    seq = waiting.say("then: how long do I have?")
    sam.does(waiting.id, "hand-back")
    wait_until(lambda: texts(waiting, "bot")[-1].endswith("then: how long do I have?"))
    assert [one["author"] for one in waiting.look(seq)["messages"]] == ["system", "bot"]


def test_that_what_was_answered_is_not_answered_again(sam: Agent, waiting: Customer, rasa: StandInRasa) -> None:
    sam.does(waiting.id, "claim")
    waiting.say("how long do I have?")
    sam.writes(waiting.id, "30 days")
    before = len(rasa.calls(waiting.id))
    sam.does(waiting.id, "hand-back")
    assert waiting.settled()["typing"] is False
    assert len(rasa.calls(waiting.id)) == before


@pytest.mark.parametrize("back", [False, True])
def test_that_a_reply_begun_before_a_takeover_becomes_the_persons_draft(
    sam: Agent, customer: Customer, tables: Store, back: bool
) -> None:
    customer.say("slow 1.2 question")
    wait_until(lambda: is_running(tables, customer))
    sam.does(customer.id, "claim")
    wait_until(lambda: not is_running(tables, customer))
    assert texts(customer, "bot") == []
    draft = next(one for one in sam.see(customer.id)["messages"] if one["kind"] == "draft")
    assert draft["text"] == "Turn 1: slow 1.2 question"
    if back:
        sam.does(customer.id, "hand-back")
        wait_until(lambda: texts(customer, "bot") == ["Turn 1: slow 1.2 question"])
        assert len([one for one in sam.see(customer.id)["messages"] if one["kind"] == "draft"]) == 1


def test_that_a_reply_begun_before_a_takeover_and_a_hand_back_is_worked_out_afresh(
    sam: Agent, customer: Customer, tables: Store, rasa: StandInRasa
) -> None:
    customer.say("slow 1.5 question")
    wait_until(lambda: is_running(tables, customer))
    sam.does(customer.id, "claim")
    sam.writes(customer.id, "me first")
    sam.does(customer.id, "hand-back")
    wait_until(lambda: texts(customer, "bot") == ["Turn 1: slow 1.5 question"])
    calls = rasa.calls(customer.id)
    assert [call["metadata"]["case"]["context"].get("told") for call in calls] == [
        None, [{"by": "Sam", "text": "me first"}],
    ]  # fmt: skip
    assert [one["kind"] for one in sam.see(customer.id)["messages"]].count("draft") == 0


def test_that_a_person_can_be_asked_for_again_after_a_hand_back(sam: Agent, waiting: Customer) -> None:
    sam.does(waiting.id, "claim")
    sam.does(waiting.id, "hand-back")
    assert waiting.ask("escalate asked")["status"] == "escalated"
    assert sam.does(waiting.id, "claim")["owner"] == "agent"
    assert [one["what"] for one in sam.see(waiting.id)["handling"]] == [
        "escalated", "claimed", "handed_back", "escalated", "claimed",
    ]  # fmt: skip
