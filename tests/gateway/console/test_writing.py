"""What staff write, what only they see, and the lists they work from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from plainly.gateway.staff.guard import COOKIE
from plainly.store import Store
from plainly.store.desk_tables import SuggestionRow
from plainly.store.tables import ConversationRow, EscalationRow
from tests import web
from tests.gateway.console.conftest import Hire
from tests.gateway.console.desks import API, Agent, code, in_queue, texts, wait_until
from tests.gateway.processes import Customer, GatewayProcess, Json


@pytest.fixture
def with_sam(sam: Agent, waiting: Customer) -> Customer:
    """A customer who talks to Sam."""
    sam.does(waiting.id, "claim")
    return waiting


def test_that_an_agents_words_reach_the_customer_under_their_name(sam: Agent, with_sam: Customer) -> None:
    seq = sam.writes(with_sam.id, "Hello, I'm reading what you wrote.")
    message = with_sam.look(seq - 1)["messages"][0]
    assert (message["author"], message["name"], message["kind"]) == ("agent", "Sam", "text")
    assert (message["text"], message["status"]) == ("Hello, I'm reading what you wrote.", "with_agent")
    assert sam.id not in str(message)


def test_that_the_same_words_sent_twice_arrive_once(sam: Agent, with_sam: Customer) -> None:
    first, again = (sam.writes(with_sam.id, "once", id="m-1") for _ in range(2))
    assert first == again
    assert texts(with_sam, "agent") == ["once"]
    assert code(sam.tries(with_sam.id, "messages", id="m-1", text="other")) == (409, "message_id_used")


def test_that_words_under_an_old_epoch_are_refused_and_a_retry_of_sent_ones_is_not(
    sam: Agent, ann: Agent, with_sam: Customer
) -> None:
    epoch = sam.item(with_sam.id)["epoch"]
    sam.writes(with_sam.id, "before", id="m-1", epoch=epoch)
    sam.does(with_sam.id, "transfer", to=ann.id)
    ann.does(with_sam.id, "transfer", to=sam.id)
    assert code(sam.tries(with_sam.id, "messages", epoch, id="m-2", text="late")) == (409, "stale")
    assert sam.writes(with_sam.id, "before", id="m-1", epoch=epoch)
    assert texts(with_sam, "agent") == ["before"]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "empty_message"),
        (" \u200b ", "empty_message"),
        ("x" * 4_001, "message_too_long"),
        ("Dear {name}, it's done.", "unfilled_placeholder"),
        ("Your order [number] is here.", "unfilled_placeholder"),
    ],
)
def test_that_what_must_not_go_out_is_refused(sam: Agent, with_sam: Customer, text: str, refusal: str) -> None:
    assert code(sam.tries(with_sam.id, "messages", id="m-1", text=text)) == (422, refusal)
    assert texts(with_sam, "agent") == []


def test_that_a_suggestion_sent_as_it_was_brings_its_sources_and_an_edited_one_does_not(
    sam: Agent, with_sam: Customer, tables: Store
) -> None:
    def suggested(text: str) -> str:
        with tables.write() as session:
            row = SuggestionRow(
                id=uuid4().hex[:26], conversation_id=with_sam.id, for_seq=1, rank=1, body=text, shown_to=sam.id,
                draft={"citations": [{"policy": "returns", "clause": "2.1"}]}, shown_at=datetime.now(UTC),
            )  # fmt: skip
            session.add(row)
            return row.id

    as_it_was = sam.tries(with_sam.id, "messages", id="m-1", text="One.", suggestions=[suggested("One.")])
    edited = sam.tries(with_sam.id, "messages", id="m-2", text="Two!", suggestions=[suggested("Two.")])
    assert (as_it_was.status_code, edited.status_code) == (202, 202), (as_it_was.text, edited.text)
    shown = [message for message in with_sam.look()["messages"] if message["author"] == "agent"]
    assert [message["citations"] for message in shown] == [[{"policy": "returns", "clause": "2.1"}], []]


def test_that_anybody_may_leave_a_note_and_the_customer_never_sees_it(
    ann: Agent, sam: Agent, with_sam: Customer
) -> None:
    first, again = (ann.does(with_sam.id, "notes", id="n-1", text="Careful: <b>VIP</b>")["seq"] for _ in range(2))
    assert first == again
    assert "VIP" not in str(with_sam.look())
    assert [(one["kind"], one["by"]) for one in sam.see(with_sam.id)["messages"] if one["kind"] == "note"] == [
        ("note", ann.id)
    ]
    assert code(ann.tries(with_sam.id, "notes", id="n-2", text="")) == (422, "empty_message")


def test_that_the_first_answer_is_kept_once(sam: Agent, with_sam: Customer, tables: Store) -> None:
    def answered() -> datetime | None:
        with tables.read() as session:
            query = select(EscalationRow.answered_at).where(EscalationRow.conversation_id == with_sam.id)
            return session.scalars(query).one()

    assert answered() is None
    sam.does(with_sam.id, "notes", id="n-1", text="thinking")
    assert answered() is None
    sam.writes(with_sam.id, "hello")
    first = answered()
    assert first is not None
    sam.writes(with_sam.id, "there")
    assert answered() == first


def test_that_an_open_packet_says_what_a_person_needs(sam: Agent, gateway: GatewayProcess) -> None:
    customer = Customer(gateway)
    customer.ask("decide")
    customer.ask("escalate complaint")
    seen = sam.see(customer.id)
    assert seen["packet"]["wants"] == "to return a kettle"
    assert seen["packet"]["decided"]["trace"] == {"rows": []}
    assert [message["author"] for message in seen["messages"]] == ["customer", "bot", "customer", "bot"]
    assert seen["messages"][1]["details"]["decision"]["receipt"]["id"] == "r-1"
    item: Json = seen["item"]
    assert (item["owner"], item["reason"], item["wants"], item["tone"]) == (
        "queue", "complaint", "to return a kettle", "calm",
    )  # fmt: skip
    assert item["customer"] == {"name": "", "verified": False, "contact": None}
    assert (item["last"]["author"], item["pushbacks"], item["unread"]) == ("bot", 1, False)


def test_that_the_views_hold_what_they_say(sam: Agent, ann: Agent, gateway: GatewayProcess) -> None:
    queue, mine, theirs, asleep, closed = (in_queue(gateway) for _ in range(5))
    bot, silent = Customer(gateway), Customer(gateway)
    bot.ask("hello")
    for customer in (mine, asleep, closed):
        sam.does(customer.id, "claim")
    ann.does(theirs.id, "claim")
    sam.does(closed.id, "resolve")
    sam.does(asleep.id, "snooze", until="2026-11-25T10:00:00+00:00")
    ours = {
        one.id: name
        for name, one in [("queue", queue), ("mine", mine), ("theirs", theirs), ("asleep", asleep), ("closed", closed),
                          ("bot", bot), ("silent", silent)]
    }  # fmt: skip
    seen = {
        view: {ours[id_] for id_ in sam.listed(view) if id_ in ours}
        for view in ("queue", "mine", "open", "snoozed", "bot", "closed", "all")
    }
    assert seen == {
        "queue": {"queue"}, "mine": {"mine"}, "open": {"queue", "mine", "theirs"},
        "snoozed": {"asleep"}, "closed": {"closed"}, "bot": {"bot"},
        "all": {"queue", "mine", "theirs", "asleep", "closed", "bot"},
    }  # fmt: skip
    assert sam.get(f"{API}/conversations", params={"view": "mars"}).status_code == 422


@pytest.mark.parametrize("words", ["100% cotton_sheet", r"back\slash", "quilt'; DROP TABLE message; --"])
def test_that_a_search_finds_words_as_they_are(sam: Agent, gateway: GatewayProcess, words: str) -> None:
    customer = in_queue(gateway)
    customer.say(f"it is about {words} {customer.id}")
    assert sam.listed("queue", f"{words} {customer.id}".upper()) == [customer.id]
    assert customer.id in sam.listed("queue", words)
    assert sam.listed("queue", f"%{customer.id}_") == []


def test_that_a_vouched_customers_name_is_shown_and_found(sam: Agent, waiting: Customer, tables: Store) -> None:
    name = f"Jo {waiting.id[-6:]}"
    with tables.write() as session:
        row = session.get_one(ConversationRow, waiting.id)
        row.customer, row.customer_name = "c-1", name
    assert sam.item(waiting.id)["customer"] == {"name": name, "verified": True, "contact": None}
    assert sam.listed("queue", name) == [waiting.id]


def test_that_staff_see_who_is_there_and_switch_themselves_on(sam: Agent, hire: Hire, with_sam: Customer) -> None:
    hire("Tom", team="trade", skills=("returns",), capacity=2)
    assert sam.get(f"{API}/me").json()["available"] is False
    switched = sam.post(f"{API}/me", json={"available": True}).json()
    assert (switched["available"], switched["name"], switched["role"]) == (True, "Sam", "agent")
    listed = {one["id"]: one for one in sam.get(f"{API}/staff").json()["staff"]}
    mine = listed[sam.id]
    assert (mine["available"], mine["present"], mine["open"]) == (True, False, 1)
    assert "password" not in str(listed)


def test_that_a_customer_sees_an_agent_type_until_the_words_come(sam: Agent, with_sam: Customer) -> None:
    assert with_sam.look()["typing"] is False
    assert sam.tries(with_sam.id, "typing").status_code == 204
    assert with_sam.look()["typing"] is True
    assert sam.item(with_sam.id)["typing"]["staff"] == ["Sam"]
    sam.writes(with_sam.id, "there it is")
    assert with_sam.look()["typing"] is False


def test_that_only_who_has_it_is_seen_typing_by_the_customer(ann: Agent, with_sam: Customer) -> None:
    ann.tries(with_sam.id, "typing")
    assert with_sam.look()["typing"] is False
    assert ann.item(with_sam.id)["typing"]["staff"] == ["Ann"]


def test_that_sleep_is_told_with_its_end_and_ends_when_the_customer_writes(sam: Agent, with_sam: Customer) -> None:
    item = sam.does(with_sam.id, "snooze", until="2026-11-26T10:30:00+00:00")
    assert item["snoozed_until"] == "2026-11-26T10:30:00+00:00"
    told = texts(with_sam, "system")[-1]
    assert told == "Sam will be back here on Thursday, 26 November, at 10:30. Write any time if something changes."
    with_sam.say("it came after all")
    item = sam.item(with_sam.id)
    assert (item["snoozed_until"], item["unread"], item["agent"]["name"]) == (None, True, "Sam")
    woken = sam.see(with_sam.id)["handling"][-1]
    assert (woken["what"], woken["by"]["id"]) == ("woken", "customer")


@pytest.mark.parametrize(("what", "body"), [("snooze", {"until": "2026-11-26T10:30:00+00:00"}), ("resolve", {})])
def test_that_what_they_wrote_just_now_is_not_put_away_unread(
    sam: Agent, with_sam: Customer, what: str, body: Json
) -> None:
    seen = sam.item(with_sam.id)["seq"]
    with_sam.say("wait, one more thing")
    assert code(sam.tries(with_sam.id, what, seq=seen, **body)) == (409, "unread")
    item = sam.item(with_sam.id)
    assert (item["owner"], item["snoozed_until"], item["last"]["text"]) == ("agent", None, "wait, one more thing")
    sam.does(with_sam.id, what, seq=item["seq"], **body)
    again = sam.tries(with_sam.id, what, epoch=item["epoch"], seq=item["seq"], **body)
    assert again.is_success, "the same request again is done once"


@pytest.mark.parametrize(
    "until", ["2026-11-24T10:59:00+00:00", "2027-11-24T10:59:00+00:00", "2026-11-25T10:00", "soon"]
)
def test_that_sleep_needs_a_moment_to_come_with_its_time_zone(sam: Agent, with_sam: Customer, until: str) -> None:
    assert sam.tries(with_sam.id, "snooze", until=until).status_code == 422
    assert sam.item(with_sam.id)["snoozed_until"] is None


def test_that_sleep_ends_by_itself_at_its_time_once(sam: Agent, with_sam: Customer, tables: Store) -> None:
    sam.does(with_sam.id, "snooze", until="2026-11-26T10:30:00+00:00")
    with tables.write() as session:
        row = session.get_one(ConversationRow, with_sam.id)
        assert row.snoozed_until is not None
        row.snoozed_until -= timedelta(days=3)
    wait_until(lambda: sam.item(with_sam.id)["snoozed_until"] is None)
    assert [one["what"] for one in sam.see(with_sam.id)["handling"]].count("woken") == 1


def test_that_sleep_may_be_ended_by_hand_by_who_has_it_or_leads(
    sam: Agent, ann: Agent, eve: Agent, with_sam: Customer
) -> None:
    for who in (sam, eve):
        sam.does(with_sam.id, "snooze", until="2026-11-26T10:30:00+00:00")
        assert code(ann.tries(with_sam.id, "wake")) == (409, "wrong_owner")
        assert who.does(with_sam.id, "wake")["snoozed_until"] is None


def test_that_the_promise_runs_until_the_first_answer_and_then_for_each_next_one(
    sam: Agent, waiting: Customer, tables: Store
) -> None:
    def earlier(minutes: int) -> None:
        with tables.write() as session:
            query = select(EscalationRow).where(EscalationRow.conversation_id == waiting.id)
            escalation = session.scalars(query).one()
            escalation.opened_at -= timedelta(minutes=minutes)

    item = sam.item(waiting.id)
    assert (item["promise_minutes"], item["late"], item["due_at"]) == (15, "no", "2026-11-24T11:15:00+00:00")
    earlier(12)
    item = sam.item(waiting.id)
    assert (item["waited_minutes"], item["late"]) == (12, "soon")
    earlier(4)
    assert sam.item(waiting.id)["late"] == "late"
    sam.does(waiting.id, "claim")
    assert sam.item(waiting.id)["late"] == "late"
    sam.writes(waiting.id, "sorry for the wait")
    item = sam.item(waiting.id)
    assert (item["promise_minutes"], item["late"], item["unread"]) == (None, "no", False)
    waiting.say("thanks, and one more thing")
    item = sam.item(waiting.id)
    assert (item["promise_minutes"], item["unread"], item["due_at"]) == (10, True, "2026-11-24T11:10:00+00:00")


def test_that_an_urgent_reason_has_a_promise_of_its_own(sam: Agent, gateway: GatewayProcess) -> None:
    assert sam.item(in_queue(gateway, "safety").id)["promise_minutes"] == 5


STAFF_ONLY = [
    ("GET", "/me"), ("GET", "/staff"), ("GET", "/conversations"), ("GET", "/conversations/{id}"),
    *(("POST", f"/conversations/{{id}}/{what}") for what in (
        "claim", "transfer", "hand-back", "snooze", "wake", "resolve", "reopen", "messages", "notes", "typing",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), STAFF_ONLY)
def test_that_a_customers_token_opens_nothing_at_the_desk(
    gateway: GatewayProcess, waiting: Customer, sam: Agent, method: str, path: str
) -> None:
    address = gateway.url + API + path.format(id=waiting.id)
    body = {"epoch": 1} if method == "POST" else None
    assert code(web.request(method, address, json=body, headers=waiting.headers)) == (401, "not_signed_in")
    if method == "POST":
        stolen = web.request(method, address, json=body, cookies={COOKIE: sam.token})
        assert code(stolen) == (403, "csrf")
    assert sam.item(waiting.id)["owner"] == "queue"


def test_that_a_staff_cookie_opens_no_conversation_of_a_customer(sam: Agent, waiting: Customer) -> None:
    assert sam.get(f"/api/v1/conversations/{waiting.id}/messages").status_code == 401
