"""Drafts for staff: from the same engine, stored as shown, without a trace in the conversation itself."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainly.outcomes.voice import Remark
from plainly.store import Store
from plainly.store.desk_tables import SuggestionRow
from plainly.store.records import remarks
from plainly.store.suggestions import suggestion_of
from tests.gateway.suggesting.conftest import IN_TIME, Case, EnginePeer, People


def rows(tables: Store, conversation: str) -> list[SuggestionRow]:
    with tables.read() as session:
        query = select(SuggestionRow).where(SuggestionRow.conversation_id == conversation)
        return list(session.scalars(query.order_by(SuggestionRow.id)))


def told_by(session: Session, conversation: str, kind: str) -> list[Remark]:
    """What was kept of a kind in a conversation."""
    ever = remarks(session, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    return [one for one in ever if (one.conversation, one.kind) == (conversation, kind)]


def test_that_a_customers_message_gets_one_to_three_drafts_with_sources(case: Case) -> None:
    case.customer.say("!soften but that is not fair, it is unopened")
    shown = case.suggestions()
    assert 1 <= len(shown["drafts"]) <= 3
    assert shown["covered"]
    first = shown["drafts"][0]
    assert first["citations"] == [{"policy": "returns", "clause": "2.1"}]
    assert first["decision"]["outcome"] == "too_late"
    assert first["decision"]["trace"]["rows"]
    assert first["receipt"]["id"]
    assert 0 < first["confidence"] <= 1


def test_that_no_draft_offers_to_fetch_the_person_who_is_there(case: Case) -> None:
    for text in ("!soften that is not fair", "!consider_exception make an exception please", "!hand_over a person!"):
        case.customer.say(text)
        for draft in case.suggestions()["drafts"]:
            for words in ("pass this to", "bring in a person", "in line", "passed you"):
                assert words not in draft["text"], draft["text"]


def test_that_drafts_truly_differ(case: Case) -> None:
    case.customer.say("!soften that is not fair")
    texts = [draft["text"] for draft in case.suggestions()["drafts"]]
    assert len(texts) == len(set(texts)) >= 2
    assert any("add up to 14 days" in text for text in texts[1:]), "what this agent may grant is one of them"


def test_that_a_missing_fact_is_asked_for(people: People) -> None:
    case = people.taken()
    case.customer.say("!decide can I return my kettle?")
    shown = case.suggestions()
    assert shown["drafts"][0]["status"] == "asked_fact"
    assert "?" in shown["drafts"][0]["text"]


def test_that_the_message_the_bot_answered_gets_words_to_take_up_from(case: Case) -> None:
    first, *others = case.suggestions()["drafts"]
    assert first["status"] == "with_agent"
    assert "a person" in first["text"]
    assert any("can't refund it" in draft["text"] for draft in others)


def test_that_drafting_leaves_no_trace_in_the_conversation(case: Case, engine_peer: EnginePeer) -> None:
    before = case.row()
    seq = case.customer.say("!soften that is not fair")
    case.suggestions()
    after = case.row()
    assert (after.seq, after.owner, after.context) == (seq, before.owner, before.context)
    (call,) = engine_peer.drafts(case.customer.id)
    assert call["sender"] == f"{case.customer.id}~draft"
    assert call["metadata"]["case"]["audience"] == "agent"
    said = [message["author"] for message in case.customer.look(seq - 1)["messages"]]
    assert said == ["customer"]


def test_that_drafts_are_made_once_and_shown_again(
    case: Case, people: People, tables: Store, engine_peer: EnginePeer
) -> None:
    case.customer.say("!soften that is not fair")
    first = case.suggestions()
    assert case.suggestions() == first
    colleague = people.desk()
    theirs = case.suggestions(colleague)
    assert [draft["text"] for draft in theirs["drafts"]] == [draft["text"] for draft in first["drafts"]]
    assert {draft["id"] for draft in theirs["drafts"]}.isdisjoint(draft["id"] for draft in first["drafts"])
    assert len(engine_peer.drafts(case.customer.id)) == 1
    assert len(rows(tables, case.customer.id)) == 2 * len(first["drafts"])


def test_that_a_burst_of_messages_is_answered_as_one(case: Case, engine_peer: EnginePeer) -> None:
    case.send("How can I help?")
    case.customer.say("!decide hello")
    case.customer.say("I got a lamp 5 days ago")
    case.customer.say("it is unopened, can I return it?")
    shown = case.suggestions()
    (call,) = engine_peer.drafts(case.customer.id)
    assert call["text"].count("\n") == 2
    assert shown["drafts"][0]["decision"]["outcome"] == "accepted"


def test_that_what_a_customer_told_a_person_is_known_for_the_next_draft(case: Case) -> None:
    case.customer.say("!decide sorry, it came 12 days ago")
    assert case.suggestions()["drafts"][0]["decision"]["outcome"] == "accepted"
    case.send("Thanks, let me look.")
    case.customer.say("!answer so how do I pack it?")
    case.suggestions()
    facts = case.desk.get(f"{case.path}/facts").json()["facts"]
    told = {fact["name"]: fact["value"] for fact in facts}
    assert told["delivered_on"] == {"date": "2026-11-09"}


def test_that_a_question_no_policy_covers_is_said_and_noted_as_a_gap_once(
    case: Case, people: People, tables: Store
) -> None:
    seq = case.customer.say("!answer do you sell helicopter engines to astronauts on mars?")
    shown = case.suggestions()
    assert not shown["covered"]
    assert "No policy covers this" in shown["note"]
    assert case.suggestions()["covered"] is False
    case.suggestions(people.desk())
    with tables.read() as session:
        gaps = told_by(session, case.customer.id, "gap")
    assert [gap.seq for gap in gaps] == [seq]
    assert "helicopter" in gaps[0].words


def test_that_without_the_assistant_the_rules_still_draft(case: Case, engine_peer: EnginePeer) -> None:
    case.customer.say("!soften that is not fair")
    engine_peer.broken(True)
    try:
        shown = case.suggestions()
    finally:
        engine_peer.broken(False)
    assert "does not answer" in shown["note"]
    assert any("30 days" in draft["text"] for draft in shown["drafts"])


def test_that_a_suggestion_sent_as_it_is_is_kept_as_sent(case: Case, tables: Store) -> None:
    case.customer.say("!soften that is not fair")
    draft = case.suggestions()["drafts"][0]
    sent = case.send(draft["text"], suggestions=[draft["id"]])
    assert sent.status_code == 202, sent.text
    with tables.read() as session:
        row = suggestion_of(session, draft["id"])
        assert (row.used, row.sent_seq, row.difference) == ("sent", sent.json()["seq"], None)


def test_that_an_edited_suggestion_is_kept_with_its_difference(case: Case, tables: Store) -> None:
    case.customer.say("!soften that is not fair")
    draft = case.suggestions()["drafts"][0]
    sent = case.send(draft["text"] + " Shall we do the swap?", suggestions=[draft["id"]])
    assert sent.status_code == 202, sent.text
    with tables.read() as session:
        row = suggestion_of(session, draft["id"])
        assert row.used == "edited"
        assert "+ Shall we do the swap?" in (row.difference or "")


def test_that_every_one_of_stacked_suggestions_is_kept_as_sent(case: Case, tables: Store) -> None:
    case.customer.say("!soften that is not fair")
    first, second, *_ = case.suggestions()["drafts"]
    both = [first["id"], second["id"]]
    sent = case.send(f"{first['text']}\n\n{second['text']}", suggestions=both)
    assert sent.status_code == 202, sent.text
    with tables.read() as session:
        rows = [suggestion_of(session, one) for one in both]
        assert [(row.used, row.difference) for row in rows] == [("sent", None), ("sent", None)]
    cited = [one for draft in (first, second) for one in draft["citations"]]
    shown = case.customer.look()["messages"][-1]["citations"]
    assert [one for one in cited if one not in shown] == []
    assert len(shown) == len({str(one) for one in cited})


def test_that_a_stacked_suggestion_that_was_taken_out_again_stays_as_shown(case: Case, tables: Store) -> None:
    case.customer.say("!soften that is not fair")
    first, second, *_ = case.suggestions()["drafts"]
    sent = case.send(second["text"] + " Shall we do that?", suggestions=[first["id"], second["id"]])
    assert sent.status_code == 202, sent.text
    with tables.read() as session:
        assert suggestion_of(session, first["id"]).used is None
        changed = suggestion_of(session, second["id"])
        assert (changed.used, changed.difference) == ("edited", "+ Shall we do that?")


def test_that_a_draft_set_aside_is_kept_with_the_reason_and_not_shown_again(case: Case, tables: Store) -> None:
    case.customer.say("!soften that is not fair")
    draft = case.suggestions()["drafts"][0]
    gone = case.desk.post(f"/api/v1/desk/suggestions/{draft['id']}/discard", json={"reason": "Too stern."})
    assert gone.status_code == 204
    assert draft["id"] not in [one["id"] for one in case.suggestions()["drafts"]]
    with tables.read() as session:
        row = suggestion_of(session, draft["id"])
        assert (row.used, row.reason) == ("discarded", "Too stern.")


def test_that_a_reason_is_needed_to_set_a_draft_aside(case: Case) -> None:
    draft = case.suggestions()["drafts"][0]
    assert case.desk.post(f"/api/v1/desk/suggestions/{draft['id']}/discard", json={"reason": "  "}).status_code == 422


def test_that_the_bot_knows_what_a_sent_draft_told_once_it_has_the_conversation_back(
    people: People, engine_peer: EnginePeer
) -> None:
    case = people.taken()
    case.customer.say(IN_TIME)
    draft = case.suggestions()["drafts"][0]
    case.send(draft["text"], suggestions=[draft["id"]])
    back = case.desk.post(f"{case.path}/hand-back", json={"epoch": case.row().epoch})
    assert back.status_code == 200, back.text
    case.customer.ask("!explain_why why?")
    context = engine_peer.calls(case.customer.id)[-1]["metadata"]["case"]["context"]
    assert (context["decision"], context["outcome"]) == ("returns.can_return", "accepted")


def test_that_unknown_messages_and_suggestions_are_said_to_be_unknown(case: Case) -> None:
    answer = case.desk.get(f"{case.path}/suggestions", params={"for": 9999})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_message")
    for wrong in ("nothing", "a" * 26, "%00"):
        refused = case.desk.post(f"/api/v1/desk/suggestions/{wrong}/discard", json={"reason": "x"})
        assert refused.status_code == 404
    assert case.desk.get("/api/v1/desk/conversations/none/suggestions").status_code == 404


def test_that_a_suggestion_of_another_conversation_cannot_be_sent(case: Case, people: People) -> None:
    other = people.taken(desk=case.desk)
    draft = other.suggestions()["drafts"][0]
    refused = case.send("Hello there.", suggestions=[draft["id"]])
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_suggestion")


def test_that_a_complaint_is_taken_down_once_the_words_that_say_so_are_sent(case: Case, tables: Store) -> None:
    case.customer.say("!take_complaint I want to complain about this")
    draft = case.suggestions()["drafts"][0]
    assert "complaint" in draft["text"]

    def taken_down() -> list[str]:
        with tables.read() as session:
            return [one.words for one in told_by(session, case.customer.id, "complaint")]

    assert taken_down() == []
    assert case.send(draft["text"], suggestions=[draft["id"]]).status_code == 202
    assert taken_down() == ["I want to complain about this"]
