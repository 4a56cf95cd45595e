"""A decision in the customer's words: verdict, rule with their own figure, why, and what to do now."""

from __future__ import annotations

from plainly import decide
from plainly.model import Alternative, Decision, Duration, Fact, Lever, Outcome, Part, Variant, Wording
from plainly.wording.phrases import phrases
from plainly.wording.slots import Telling, join_words
from plainly.wording.templates import fill
from plainly.wording.values import say_amount, say_duration, say_value


def wording_of(telling: Telling, outcome: str) -> Wording:
    """The wording file of an outcome of the decision being told."""
    name = (telling.decision or "").partition(".")[2]
    return telling.policy.wordings[f"{name}.{outcome}"]


def outcome_parts(telling: Telling, decision: Decision, roles: tuple[str, ...]) -> list[Part]:
    """The parts of an outcome's wording that are there and can be said, in the order asked for.

    `roles` are headings of the wording file: verdict, rule, why, next, more.
    """
    if decision.outcome is None:
        return []
    wording, lookup = wording_of(telling, decision.outcome), telling.lookup()
    told = ((role, fill(_variant(wording, role, telling), lookup)) for role in roles)
    return [Part(role, text) for role, text in told if text]


def _variant(wording: Wording, role: str, telling: Telling) -> str:
    variants = wording.parts.get(role, ())
    fitting = [variant for variant in variants if variant.fact and _fits(variant, telling)]
    plain = [variant for variant in variants if not variant.fact]
    return (fitting or plain or [Variant("")])[0].text


def _fits(variant: Variant, telling: Telling) -> bool:
    known = telling.facts.get(variant.fact or "")
    if known is None:
        return False
    value = {True: "yes", False: "no"}.get(known.value, known.value) if isinstance(known.value, bool) else known.value
    return value == variant.value


def outcome_of(telling: Telling, decision: Decision) -> Outcome:
    """The closed outcome a settled decision came to."""
    return telling.kb.table(decision.table).outcomes[decision.outcome or ""]


def fitting_alternatives(telling: Telling, offers: tuple[str, ...] | None = None) -> list[Alternative]:
    """The alternatives that may fit this customer, in the order of the offers (or of the policy)."""
    ids = offers if offers is not None else tuple(telling.policy.alternatives)
    known = [telling.policy.alternatives[id_] for id_ in ids if id_ in telling.policy.alternatives]
    return [item for item in known if _may_fit(telling, item)]


def fitting_levers(telling: Telling, outcome: str, levers_left: dict[str, int] | None = None) -> list[Lever]:
    """The levers that soften this "decision.outcome", may fit the customer and are not used up."""
    left = levers_left or {}
    return [
        lever
        for lever in telling.policy.levers.values()
        if outcome in lever.outcomes and _may_fit(telling, lever) and left.get(f"{telling.policy.id}.{lever.id}", 1) > 0
    ]


def _may_fit(telling: Telling, offer: Alternative | Lever) -> bool:
    if offer.when is None:
        return True
    return decide.is_true(telling.kb, telling.policy.id, offer.when, telling.facts, telling.today) is not False


def say_alternatives(telling: Telling, alternatives: list[Alternative]) -> str:
    """What the customer can do instead: one sentence for one way, a short list for several."""
    lookup = telling.lookup()
    said = [text.rstrip(".") for text in (fill(item.say, lookup) for item in alternatives) if text]
    if len(said) < 2:
        return phrases().line("answer.alternative", option=said[0]) if said else ""
    ways = "\n".join(f"- {text[:1].upper()}{text[1:]}." for text in said)
    return f"{phrases().line('answer.alternatives')}\n\n{ways}"


def say_lever(telling: Telling, lever: Lever) -> str:
    """What a lever offers, with its amount."""
    amount, lookup = lever_amount(lever, telling.kb.business.currency), telling.lookup()
    return fill(lever.say, lambda name, style: amount or None if name == "amount" else lookup(name, style))


def lever_amount(lever: Lever, currency: str) -> str:
    """A lever's amount in words: "14 days", "£5", "10%"; empty for a lever without one."""
    match lever.amount:
        case None:
            return ""
        case Duration():
            return say_duration(lever.amount)
        case _:
            return say_amount(lever.amount, lever.unit or currency)


def say_grant(lever: Lever, amount: str, language: str = "en") -> str:
    """A granted lever in words: "14 days more", "£5 of credit"; its label in quotes when it has no amount."""
    said = phrases(language)
    if not amount:
        return said.line("granted.label", label=lever.label)
    key = f"granted.{lever.kind}"
    return said.line(key, amount=amount) if said.has(key) else amount


def say_nearest_yes(telling: Telling, decision: Decision) -> str:
    """ "It would be a yes if you bring the receipt", when there is something the customer can change."""
    nearest = decision.nearest_yes
    if nearest is None:
        return ""
    outcome = telling.kb.table(decision.table).outcomes[nearest.outcome]
    changes = [_say_change(telling, telling.kb.facts[name], value) for name, value in nearest.changes.items()]
    if not all(changes):
        return ""
    key = "answer.nearest_yes" if outcome.verdict == "yes" else "answer.nearest_partly"
    return phrases().line(key, changes=join_words(changes))


def _say_change(telling: Telling, fact: Fact, value: object) -> str:
    return fact.change or say_fact(telling, fact, value)


def say_fact(telling: Telling, fact: Fact, value: object) -> str:
    """The read-back of one fact: "it arrived 40 days ago"; empty where its value has none."""
    if isinstance(value, bool):
        return fact.say_yes if value else fact.say_no
    words = say_value(value, fact, telling.today, unit=telling._unit_of(fact.name))  # type: ignore[arg-type]
    if not words:
        return ""
    ago = say_value(value, fact, telling.today, style="ago") if fact.type == "date" else words  # type: ignore[arg-type]
    return fact.say.replace("{value.ago}", ago).replace("{value.day}", words).replace("{value}", words)


def name_fact(telling: Telling, fact: Fact, value: object) -> str:
    """One fact for colleagues: its read-back, else the label of a value that is not read back to customers."""
    labels = {option.name: option.label for option in fact.options}
    return say_fact(telling, fact, value) or labels.get(str(value), "")


def say_facts(telling: Telling, names: tuple[str, ...]) -> str:
    """What we understood, as one clause: "it arrived 40 days ago and it is unopened"."""
    known = [
        (telling.kb.facts[name], telling.facts[name].value)
        for name in names
        if name in telling.facts and name in telling.kb.facts
    ]
    said = [text for text in (say_fact(telling, fact, value) for fact, value in known) if text]
    return join_words(said)
