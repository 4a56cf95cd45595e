"""The public pages: every policy can be read, searched and asked about."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from plainly.kb import load
from plainly.kb.linked import business_links, policy_links
from tests import web
from tests.browser.conftest import Visits
from tests.gateway.processes import ROOT, GatewayProcess

pytestmark = pytest.mark.browser


def test_that_every_policy_has_its_page(scripted: GatewayProcess) -> None:
    kb = load(ROOT / "policies_kb").kb
    assert kb is not None
    for policy in kb.policies.values():
        page = web.get(f"{scripted.url}/policies/{policy.id}")
        assert page.status_code == 200, policy.id
        assert all(f'id="{number}"' in page.text for number in policy.clauses), policy.id
        assert "{" not in page.text.partition("<main")[2], f"{policy.id}: a slot was left open"


def test_that_a_policy_tells_why_what_instead_examples_and_changes(visits: Visits) -> None:
    page = visits.chat("/policies/returns").page
    for heading in ("The rules", "Why it is so", "What you can do instead", "Worked examples", "What changed, and why"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    examples = page.locator(".examples > div")
    assert 1 <= examples.count() <= 6
    expect(examples.first.locator(".verdict")).to_have_text("Yes")
    expect(page.locator("#instead")).to_contain_text("14 days")


def test_that_the_policies_can_be_searched(visits: Visits) -> None:
    page = visits.chat("/policies").page
    shown = page.locator("#policies > li:visible")
    everything = shown.count()
    page.get_by_label("Find a policy").fill("gift card")
    expect(page.locator("[data-count]")).to_contain_text(f"of {everything} policies")
    assert 1 <= shown.count() < everything
    page.get_by_label("Find a policy").fill("zzz")
    expect(shown).to_have_count(0)


def test_that_a_source_leads_to_its_clause_on_the_page(visits: Visits) -> None:
    chat = visits.chat(viewport={"width": 375, "height": 740}).open()
    chat.ask("hello")
    chat.page.get_by_role("button", name="Returns 2.1").click()
    chat.page.get_by_role("link", name="Read the whole policy").click()
    expect(chat.page).to_have_url(f"{chat.url}/policies/returns#2.1")
    expect(chat.page.locator("[id='2.1']")).to_be_in_viewport()
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_visible()


def test_that_the_launcher_and_skip_link_come_by_tab(visits: Visits) -> None:
    chat = visits.chat("/policies")
    chat.page.keyboard.press("Tab")
    assert chat.focused() == "Skip to the content"
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("main")).to_be_focused()


@pytest.mark.parametrize("path", ["/policies/nope", "/stores/paris"])
def test_that_a_missing_page_is_told_kindly_to_people_and_plainly_to_programs(visits: Visits, path: str) -> None:
    page = visits.page()
    answer = page.goto(visits.url + path)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is no page here")).to_be_visible()
    assert web.get(visits.url + path).json()["error"]["message"]


def test_that_every_link_the_folder_shows_leads_to_a_page(scripted: GatewayProcess) -> None:
    kb = load(ROOT / "policies_kb").kb
    assert kb is not None
    links = [*business_links(kb.business), *(link for one in kb.policies.values() for link in policy_links(one))]
    shown = {link.target for link in links if link.target.startswith("/")}
    assert len(shown) > 40
    assert {path: web.get(scripted.url + path).status_code for path in shown} == dict.fromkeys(shown, 200)


def test_that_a_page_of_the_shop_says_what_it_stands_for_and_leads_back(visits: Visits) -> None:
    page = visits.chat("/help/packing").page
    expect(page.get_by_role("heading", name="How to pack a return")).to_be_visible()
    expect(page.get_by_text("This is a demo. A real shop shows its own page here")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Returns", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Returns")


def test_that_only_declared_pages_are_there(scripted: GatewayProcess) -> None:
    assert web.get(f"{scripted.url}/help/care/wood").status_code == 200
    for path in ("/help/nothing", "/help/packing/", "/Help/packing", "/help/packing%00"):
        assert web.get(scripted.url + path).json()["error"]["code"] == "not_found", path
    assert web.request("POST", f"{scripted.url}/help/packing").status_code == 405


def test_that_a_clause_and_the_business_can_be_asked_for(scripted: GatewayProcess) -> None:
    clause = web.get(f"{scripted.url}/api/v1/policies/returns/clauses/2.1").json()
    assert (clause["number"], clause["page"]) == ("2.1", "/policies/returns#2.1")
    assert "30 days" in clause["text"]
    for path in ("returns/clauses/9.9", "nope/clauses/1.1", "returns/clauses/%00"):
        missing = web.get(f"{scripted.url}/api/v1/policies/{path}", headers={"Accept": "text/html"})
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "unknown_clause")
    assert web.get(f"{scripted.url}/api/v1/business").json()["name"] == "Marlow & Finch"
