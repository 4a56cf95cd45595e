"""A morning at the desk: two agents, three customers, the whole assistant; and nothing of it is lost on the way.

The same morning three times: undisturbed, with every page loaded anew after each step, and with every page's
network gone for a moment after each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from plainly.run.stack import Stack
from plainly.store import Store
from plainly.store.desk_tables import RatingRow, SuggestionRow
from plainly.store.messages import HIDDEN
from plainly.store.tables import ConversationRow, MessageRow
from tests.browser.chat import Chat
from tests.browser.console import Console
from tests.browser.floor import Floor
from tests.gateway.processes import GatewayProcess

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(900)]

Picture = Callable[[Page, str], Path]

KETTLE = "I bought a kettle 40 days ago, it's still in the box. Can I return it?"
SOON = 20_000


@pytest.fixture
def floor(chromium: Browser, stack: Stack) -> Iterator[Floor]:
    """The floor of the whole assistant."""
    store = Store(f"sqlite:///{stack.var / 'plainly.db'}")
    # Of a gateway a floor needs the address alone, and a stack has one too.
    floor = Floor(chromium, cast("GatewayProcess", stack), store)
    yield floor
    floor.end()
    store.close()


@dataclass
class Morning:
    """Who is there, and what happens to all their pages between two steps."""

    floor: Floor
    trouble: str
    picture: Picture
    agents: list[Console]
    customers: list[Chat]

    @property
    def agent(self) -> Console:
        """Who got the first conversation."""
        return self.agents[0]

    @property
    def other(self) -> Console:
        return self.agents[1]

    @property
    def name(self) -> str:
        return self.agent.person.staff.name

    @property
    def kettle(self) -> Chat:
        return self.customers[0]

    @property
    def parcel(self) -> Chat:
        return self.customers[1]

    @property
    def card(self) -> Chat:
        return self.customers[2]

    @property
    def pages(self) -> list[Page]:
        return [*(agent.page for agent in self.agents), *(chat.page for chat in self.customers)]

    def shake(self) -> None:
        """After each step: nothing, every page anew, or every network gone and back."""
        for page in self.pages:
            if self.trouble == "reload":
                page.reload()
            elif self.trouble == "loss":
                page.context.set_offline(True)
        if self.trouble == "loss":
            for agent in self.agents:
                expect(agent.connection).to_contain_text("No connection")
            for page in self.pages:
                page.context.set_offline(False)
        for agent in self.agents:
            agent.live()

    def id_of(self, chat: Chat) -> str:
        found: str = chat.kept("conversation")["id"]
        return found

    def line(self, agent: Console, chat: Chat) -> Locator:
        return agent.page.locator(f".lines a[href='#{self.id_of(chat)}']")

    def open(self, agent: Console, chat: Chat, view: str = "All open") -> None:
        agent.view(view)
        self.line(agent, chat).click()
        expect(agent.log).to_be_visible()

    def take(self, agent: Console, chat: Chat) -> None:
        self.open(agent, chat, "Waiting")
        agent.button("Take it").click()
        expect(agent.reply).to_be_focused(timeout=SOON)

    def messages(self, chat: Chat) -> list[MessageRow]:
        with self.floor.tables.read() as session:
            query = select(MessageRow).where(MessageRow.conversation_id == self.id_of(chat)).order_by(MessageRow.seq)
            return list(session.scalars(query))

    def owner(self, chat: Chat) -> str:
        with self.floor.tables.read() as session:
            return session.get_one(ConversationRow, self.id_of(chat)).owner


def write(agent: Console, text: str) -> None:
    agent.reply.fill(text)
    agent.reply.press("Enter")


def heard(chat: Chat, text: str) -> None:
    """The customer sees these words, once."""
    expect(chat.theirs.filter(has_text=text)).to_have_count(1, timeout=SOON)


def seen(agent: Console, text: str) -> None:
    """The agent sees these words, once, and nothing waits to be sent."""
    expect(agent.message(text)).to_have_count(1, timeout=SOON)
    expect(agent.page.locator(".unsent")).to_have_count(0, timeout=SOON)


def asks_for_a_person(chat: Chat, words: str) -> None:
    chat.ask(words)
    chat.page.get_by_role("button", name="Talk to a person").first.click()
    expect(chat.page.get_by_role("button", name="A person will join")).to_be_visible(timeout=SOON)


def suggested(agent: Console, seq: int) -> Locator:
    first = agent.page.locator(f".drafts[data-for='{seq}'] [data-suggestion]").first
    expect(first).to_be_visible(timeout=SOON)
    return first


def three_ask_for_a_person(day: Morning) -> None:
    asks_for_a_person(day.kettle, KETTLE)
    asks_for_a_person(day.parcel, "My parcel is late, what can I do?")
    asks_for_a_person(day.card, "How long is a gift card valid?")
    for agent in day.agents:
        for chat in day.customers:
            expect(day.line(agent, chat)).to_be_visible(timeout=SOON)


def both_agents_reach_for_one_and_one_gets_it(day: Morning) -> None:
    for agent in day.agents:
        day.open(agent, day.kettle, "Waiting")
    for agent in day.agents:
        agent.button("Take it").evaluate("one => setTimeout(() => one.click(), 150)")
    first = day.agents[0]
    expect(first.reply.or_(first.page.get_by_text("has this conversation"))).to_be_visible(timeout=SOON)
    if not first.reply.is_visible():
        day.agents.reverse()
    expect(day.other.page.get_by_text(f"{day.name} has this conversation")).to_be_visible(timeout=SOON)
    assert day.owner(day.kettle) == f"agent:{day.agent.person.staff.id}"
    heard(day.kettle, "is here and has read everything above")


def they_talk_both_ways(day: Morning) -> None:
    write(day.agent, "Good morning, I have read it all.")
    heard(day.kettle, "Good morning, I have read it all.")
    day.kettle.say("Thank you. Can I still return the kettle?")
    seen(day.agent, "Can I still return the kettle?")


def a_suggestion_goes_out_as_it_is(day: Morning) -> None:
    suggested(day.agent, day.messages(day.kettle)[-1].seq)
    day.picture(day.agent.page, f"story-suggested-{day.trouble}")
    day.agent.button("Send suggestion 1 as it is").click()
    expect(day.agent.page.locator("#suggestions").get_by_text("Answered.")).to_be_visible(timeout=SOON)
    expect(day.kettle.theirs.filter(has_text="30 days").last).to_be_visible(timeout=SOON)


def another_is_put_into_the_reply(day: Morning) -> None:
    day.kettle.say("And why is it 30 days?")
    seen(day.agent, "And why is it 30 days?")
    suggested(day.agent, day.messages(day.kettle)[-1].seq)
    day.agent.page.keyboard.press("Alt+1")
    expect(day.agent.reply).not_to_have_value("")


def and_goes_out_changed(day: Morning) -> None:
    expect(day.agent.reply).not_to_have_value("")
    day.agent.reply.press("Control+End")
    day.agent.reply.press_sequentially(" I hope this helps.")
    day.agent.reply.press("Enter")
    heard(day.kettle, "I hope this helps.")


def another_is_discarded(day: Morning) -> None:
    day.kettle.say("Can I swap it instead?")
    seen(day.agent, "Can I swap it instead?")
    suggested(day.agent, day.messages(day.kettle)[-1].seq)
    day.agent.page.keyboard.press("Alt+Shift+1")
    day.agent.dialog().get_by_label("It was said already").check()
    day.agent.dialog().get_by_role("button", name="Discard").click()
    expect(day.agent.dialog()).to_have_count(0)
    write(day.agent, "Yes, please bring it to any shop.")
    heard(day.kettle, "Yes, please bring it to any shop.")


def the_other_agent_takes_the_second(day: Morning) -> None:
    day.take(day.other, day.parcel)
    write(day.other, "Let me ask my colleague.")
    heard(day.parcel, "Let me ask my colleague.")


def and_passes_it_on_with_a_note(day: Morning) -> None:
    day.other.button("Transfer").click()
    dialog = day.other.dialog()
    dialog.locator("select").select_option(f"staff:{day.agent.person.staff.id}")
    dialog.get_by_label("Note for them").fill("Parcel since Monday.")
    dialog.get_by_role("button", name="Transfer").click()
    expect(day.other.page.get_by_text(f"{day.name} has this conversation")).to_be_visible(timeout=SOON)


def the_note_is_read_by_the_colleague_alone(day: Morning) -> None:
    day.open(day.agent, day.parcel, "Mine")
    seen(day.agent, "Parcel since Monday.")
    write(day.agent, "It comes tomorrow.")
    heard(day.parcel, "It comes tomorrow.")
    expect(day.parcel.messages.filter(has_text="Parcel since Monday.")).to_have_count(0)


def the_third_goes_back_to_the_assistant(day: Morning) -> None:
    day.take(day.other, day.card)
    day.other.button("Hand back").click()
    expect(day.other.page.get_by_text("The assistant has this conversation")).to_be_visible(timeout=SOON)
    heard(day.card, "has handed you back to me")


def which_answers_again(day: Morning) -> None:
    day.card.say("What is your returns policy?")
    expect(day.card.theirs.filter(has_text="30 days").last).to_be_visible(timeout=40_000)


def the_first_is_settled(day: Morning) -> None:
    day.open(day.agent, day.kettle, "Mine")
    day.agent.button("Resolve").click()
    day.agent.dialog().get_by_label("Confirmed").check()
    day.agent.dialog().get_by_role("button", name="Resolve").click()
    expect(day.agent.page.get_by_text("This conversation is closed")).to_be_visible(timeout=SOON)


def and_rated(day: Morning) -> None:
    question = day.kettle.page.get_by_role("group", name="How did we do?")
    question.get_by_text("Very good", exact=True).click(timeout=SOON)
    day.kettle.page.get_by_role("button", name="Send rating").click()
    expect(question).to_be_hidden(timeout=SOON)


STEPS = (
    three_ask_for_a_person,
    both_agents_reach_for_one_and_one_gets_it,
    they_talk_both_ways,
    a_suggestion_goes_out_as_it_is,
    another_is_put_into_the_reply,
    and_goes_out_changed,
    another_is_discarded,
    the_other_agent_takes_the_second,
    and_passes_it_on_with_a_note,
    the_note_is_read_by_the_colleague_alone,
    the_third_goes_back_to_the_assistant,
    which_answers_again,
    the_first_is_settled,
    and_rated,
)


@pytest.mark.parametrize("trouble", ["none", "reload", "loss"])
def test_that_a_morning_at_the_desk_goes_well(floor: Floor, trouble: str, picture: Picture) -> None:
    agents = [floor.console("Dana Reed", team="Returns"), floor.console("Ben Okafor", team="Delivery")]
    chats = [floor.chat(viewport={"width": 1000, "height": 760}) for _ in range(3)]
    day = Morning(floor, trouble, picture, agents, chats)
    for step in STEPS:
        step(day)
        day.shake()
    check_what_is_kept(day, day.kettle)
    for chat in chats:
        check_that_all_see_the_same(day, chat)


def check_what_is_kept(day: Morning, chat: Chat) -> None:
    """What was done with suggestions, and the rating."""
    with day.floor.tables.read() as session:
        of_chat = SuggestionRow.conversation_id == day.id_of(chat)
        used = {row.used for row in session.scalars(select(SuggestionRow).where(of_chat)) if row.used}
        rating = session.scalars(select(RatingRow).where(RatingRow.conversation_id == day.id_of(chat))).one()
    assert used == {"sent", "edited", "discarded"}
    assert rating.score == 5


def check_that_all_see_the_same(day: Morning, chat: Chat) -> None:
    """Every message once and in order: in the tables, at the customer's and at the desk."""
    rows = day.messages(chat)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    shown = [row.seq for row in rows if row.kind not in HIDDEN]
    expect(chat.messages).to_have_count(len(shown), timeout=SOON)
    numbers = "all => all.map((one) => Number(one.dataset.seq))"
    assert chat.messages.evaluate_all(numbers) == shown
    agent = day.agents[0]
    agent.page.evaluate("id => { location.hash = id }", day.id_of(chat))
    ours = agent.log.locator("li.message")
    expect(ours).to_have_count(len(rows), timeout=SOON)
    assert ours.evaluate_all(numbers) == [row.seq for row in rows]
