"""Words are held against the rules before they leave; overrides are kept with their reason."""

from __future__ import annotations

from plainly.store import Store
from plainly.store.suggestions import overrides_of
from tests.gateway.suggesting.conftest import Case, Json


def refused(case: Case, text: str, **given: str) -> Json:
    answer = case.send(text, **given)
    assert answer.status_code >= 400, answer.text
    error: Json = answer.json()["error"]
    return {**error, "http": answer.status_code}


def test_that_words_against_the_decision_warn_before_they_are_sent(case: Case) -> None:
    before = case.row().seq
    error = refused(case, "No problem, just send it back and we'll refund you in full.")
    assert (error["http"], error["code"]) == (409, "contradicts")
    (warning,) = error["details"]["warnings"]
    assert warning["kind"] == "verdict"
    assert "We can't refund it now" in warning["says"]
    assert case.row().seq == before


def test_that_a_reason_lets_them_through_and_both_are_kept(case: Case, tables: Store) -> None:
    sent = case.send("We'll refund you in full.", reason="My supervisor agreed on the phone.")
    assert sent.status_code == 202, sent.text
    with tables.read() as session:
        (override,) = overrides_of(session, case.customer.id)
    assert override.reason == "My supervisor agreed on the phone."
    assert override.message_seq == sent.json()["seq"]
    assert override.warnings[0]["kind"] == "verdict"
    assert override.staff_id == case.desk.staff.id


def test_that_blanks_are_no_reason(case: Case) -> None:
    assert refused(case, "We'll refund you in full.", reason="   ")["code"] == "contradicts"


def test_that_a_reason_without_a_warning_is_no_override(case: Case, tables: Store) -> None:
    assert case.send("When did it arrive?", reason="Just so.").status_code == 202
    with tables.read() as session:
        assert overrides_of(session, case.customer.id) == []


def test_that_a_figure_that_stands_nowhere_warns(case: Case) -> None:
    error = refused(case, "Our return window is 60 days.")
    assert error["details"]["warnings"][0]["text"] == "60 days"


def test_that_a_lever_may_be_promised_only_once_it_is_granted(case: Case) -> None:
    words = "I've given you another 14 days."
    assert refused(case, words)["details"]["warnings"][0]["kind"] == "promise"
    assert case.grant("illness_days").status_code == 201
    assert case.send(words).status_code == 202


def test_that_placeholders_cannot_be_sent_unfilled_whatever_the_reason(case: Case) -> None:
    error = refused(case, "Dear {name}, your order [order number] is on its way.", reason="It is fine.")
    assert (error["http"], error["code"]) == (422, "unfilled_placeholder")
    assert error["details"]["placeholders"] == ["{name}", "[order number]"]


def test_that_links_and_citations_are_no_placeholders(case: Case) -> None:
    assert case.send("See [how to pack it](/help/packing) *(Returns 2.2)*.").status_code == 202


def test_that_no_draft_of_ours_is_ever_warned_about(case: Case) -> None:
    for text in ("!soften that is not fair", "!consider_exception please!", "!offer_alternatives what else is there?"):
        case.customer.say(text)
        for draft in case.suggestions()["drafts"]:
            sent = case.send(draft["text"], suggestions=[draft["id"]])
            assert sent.status_code == 202, sent.text
