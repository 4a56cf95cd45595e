"""The figures a reply may name: those of the policies at hand, and those of the case."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, reduce

from plainly import decide
from plainly.decide.values import shift
from plainly.model import Duration, Lever, Policy
from plainly.suggest.claims import lexicon, sentences
from plainly.suggest.figures import Figure, figure_of_days, figures, figures_of
from plainly.suggest.ground import Ground
from plainly.wording.outcome import outcome_parts


def of_the_rules(ground: Ground, sentence: str = "") -> list[Figure]:
    """The figures in the words of the policies at hand, in what they work out for this case, and in the business's.

    A policy beside the case's own is at hand when the sentence speaks of it.
    """
    found = [figure for policy in _at_hand(ground, sentence) for figure in _of_policy(ground, policy)]
    business = ground.kb.business
    texts = [*business.service_goals, *(channel.say for channel in business.channels)]
    return [*found, *(figure for text in texts for figure in figures(text))]


def _of_policy(ground: Ground, policy: Policy) -> list[Figure]:
    found = list(_figures_in(_texts(policy)))
    if ground.settled is not None and ground.settled.table.startswith(f"{policy.id}."):
        parts = outcome_parts(ground.telling(policy), ground.settled, ("verdict", "rule", "next", "more"))
        found += [figure for part in parts for figure in figures(part.text)]
    derived = decide.derive(ground.kb, policy.id, ground.facts, ground.today)
    found += [figure for value in derived.values() for figure in figures_of(value, ground.today)]
    found += _shifted(ground, policy, [value for value in derived.values() if isinstance(value, date)])
    dated = [(one.value, parameter.unit) for parameter in policy.parameters.values() for one in parameter.values]
    dated += [(lever.amount, "") for lever in policy.levers.values()]
    return [*found, *(figure for value, unit in dated if value for figure in figures_of(value, ground.today, unit))]


@lru_cache(maxsize=512)
def _figures_in(texts: tuple[str, ...]) -> tuple[Figure, ...]:
    """Reading figures takes longer than comparing texts, and a folder's texts stay."""
    return tuple(figure for text in texts for figure in figures(text))


def out_of_date(ground: Ground) -> list[Figure]:
    """The values that the decision's own parameters have on other days, and not on the day that counts here."""
    decision, policy = ground.settled, ground.policy
    if decision is None or policy is None:
        return []
    now: list[Figure] = []
    then: list[Figure] = []
    for used in decision.trace.parameters:
        parameter = policy.parameters.get(used.parameter)
        if parameter is not None:
            now += figures_of(used.value, ground.today, parameter.unit)
            others = [one.value for one in parameter.values if one.value is not None and one.value != used.value]
            then += [figure for value in others for figure in figures_of(value, ground.today, parameter.unit)]
    return [figure for figure in then if not any(figure.is_like(one) for one in now)]


def of_the_decision(ground: Ground, things: set[str]) -> list[Figure]:
    """How long the decision's own things are open: its rule's time, what was granted, both together, and their days."""
    decision, policy = ground.settled, ground.policy
    if decision is None or policy is None:
        return []
    spans = [used.value for used in decision.trace.parameters if isinstance(used.value, Duration)]
    more = _granted_time(ground, policy)
    found = [figure for span in (*spans, *more) for figure in figures_of(span, ground.today)]
    for span in spans:
        day = shift(decision.trace.counts_from, span)
        granted = reduce(shift, more, day)
        whole = (granted - decision.trace.counts_from).days
        found += [*figures_of(day, ground.today), *figures_of(granted, ground.today), figure_of_days(whole)]
    parts = outcome_parts(ground.telling(policy), decision, ("verdict", "rule", "next", "more"))
    told = [one for part in parts for one in sentences(part.text) if lexicon().things_in(one) <= things]
    return [*found, *(figure for one in told for figure in figures(one))]


def of_the_case(ground: Ground) -> list[Figure]:
    """The figures of the facts and of what was granted, those that customer and bot wrote, and today."""
    found = figures_of(ground.today, ground.today)
    found += [figure for _, lever in ground.all_granted() for figure in amount_figures(ground, lever)]
    for name, known in ground.facts.items():
        fact = ground.kb.facts.get(name)
        found += figures_of(known.value, ground.today, fact.unit if fact else "")
    return [*found, *(figure for text in ground.said for figure in figures(text))]


def amount_figures(ground: Ground, lever: Lever) -> list[Figure]:
    """How much one grant of a lever is, as figures."""
    return [] if lever.amount is None else figures_of(lever.amount, ground.today)


def _shifted(ground: Ground, policy: Policy, days: list[date]) -> list[Figure]:
    """The days of this case, moved by the time that was granted."""
    moved = [shift(day, span) for day in days for span in _granted_time(ground, policy)]
    return [figure for day in moved for figure in figures_of(day, ground.today)]


def _granted_time(ground: Ground, policy: Policy) -> list[Duration]:
    return [lever.amount for lever in ground.granted_levers(policy) if isinstance(lever.amount, Duration)]


def _at_hand(ground: Ground, sentence: str) -> list[Policy]:
    """The case's policy, those cited, and those beside them that the sentence names; all while there is none."""
    policies = ground.kb.policies
    here = {id_ for id_ in (*ground.cited, ground.policy.id if ground.policy else "") if id_ in policies}
    beside = {other for id_ in here for other in _beside(policies[id_]) if other in policies}
    names = here | {id_ for id_ in beside if _names(sentence, policies[id_])}
    return [policy for policy in policies.values() if policy.id in names] or list(policies.values())


def _beside(policy: Policy) -> set[str]:
    return {*policy.related, *(item.policy for item in policy.alternatives.values() if item.policy)}


def _names(sentence: str, policy: Policy) -> bool:
    """Whether a sentence speaks of a policy, by its title, its words or what it is about."""
    said = sentence.lower()
    about = "\n".join([policy.title, *policy.words])
    return any(word.lower() in said for word in (policy.title, *policy.words)) or bool(
        lexicon().things_in(sentence) & lexicon().things_in(about)
    )


def _texts(policy: Policy) -> tuple[str, ...]:
    parts = [part for wording in policy.wordings.values() for part in wording.parts.values()]
    return (
        policy.summary,
        policy.helps_you,
        *(clause.text for clause in policy.clauses.values()),
        *(reason.say for reason in policy.reasons),
        *(standard.say for standard in policy.standards),
        *(step for procedure in policy.procedures for step in procedure.steps),
        *(resource.say for resource in policy.resources),
        *(lever.say for lever in policy.levers.values()),
        *(variant.text for part in parts for variant in part),
        *(f"{version.changed} {version.adapt}" for version in policy.history),
    )
