"""Another verdict than the rules give: told in so many words, by a bare yes or no, or by being in time or too late."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plainly.decide.comparing import tests_in
from plainly.model import Decision
from plainly.suggest.cautions import Caution
from plainly.suggest.claims import clauses, granted_things, lexicon, refused_things, sentences
from plainly.suggest.ground import Ground
from plainly.wording.outcome import outcome_parts
from plainly.wording.phrases import phrases

SHORT = 25
"""Words up to which a bare "yes, you can" or "that's not possible" is taken for the verdict."""

_NOT_LATE = re.compile(r"(\bnot|n't) too late\b", re.IGNORECASE)
_TIME_TESTS = frozenset({"beyond", "after", "due_beyond", "more_than"})


def verdicts(text: str, ground: Ground) -> Iterator[Caution]:
    """The sentences that tell another verdict than the rules do."""
    decision = ground.settled
    if decision is None or decision.verdict not in ("yes", "no") or _is_bent(ground):
        return
    verdict = _said_verdict(ground, decision)
    says = phrases().line("suggest.says.verdict", verdict=verdict)
    own = _things_given(ground, decision)
    others = _things_of_other_outcomes(ground, decision) - own
    main = lexicon().things_in(verdict)
    for sentence in sentences(text):
        if lexicon().says("only_asks", sentence):
            continue
        for clause in clauses(sentence):
            if (
                granted_things(clause) & others
                or (decision.verdict == "yes" and refused_things(clause) & main)
                or _wrong_about_time(ground, decision, clause)
                or _bare(text, clause, decision)
            ):
                yield Caution("verdict", sentence, says)


def own_things(ground: Ground, decision: Decision) -> set[str]:
    """What the decision is about, apart from what the customer gets all the same."""
    about = f"{ground.kb.table(decision.table).title}\n{_said_verdict(ground, decision)}"
    given = _things_given(ground, decision) if decision.verdict != "yes" else set()
    return lexicon().things_in(about) - given


def _is_bent(ground: Ground) -> bool:
    """A lever that softens this outcome was granted: what staff then say is theirs to say."""
    decision = ground.settled
    policy = ground.policy
    if decision is None or policy is None:
        return False
    return any(decision.named_outcome in lever.outcomes for lever in ground.granted_levers(policy))


def _said_verdict(ground: Ground, decision: Decision) -> str:
    policy = ground.kb.policies[decision.policy]
    parts = outcome_parts(ground.telling(policy), decision, ("verdict",))
    return " ".join(part.text for part in parts) or str(decision.outcome)


def _things_given(ground: Ground, decision: Decision) -> set[str]:
    """What the customer gets all the same: by this outcome when it is a yes, by its alternatives, by what was said."""
    table = ground.kb.table(decision.table)
    policy = ground.kb.policies[table.policy]
    wording = policy.wordings.get(f"{table.name}.{decision.outcome}")
    own = [one.text for variants in (wording.parts.values() if wording else ()) for one in variants]
    texts = own if decision.verdict == "yes" else []
    for id_ in table.outcomes[decision.outcome or ""].offers:
        other = policy.alternatives.get(id_)
        if other is not None:
            target = ground.kb.policies.get(other.policy or "")
            texts += [other.label, other.say, target.title if target and target.id != policy.id else ""]
    return lexicon().things_in("\n".join(texts))


def _things_of_other_outcomes(ground: Ground, decision: Decision) -> set[str]:
    table = ground.kb.table(decision.table)
    policy = ground.kb.policies[table.policy]
    yes = [name for name, outcome in table.outcomes.items() if outcome.verdict in ("yes", "partly")]
    said = [
        variant.text
        for name in yes
        if name != decision.outcome and f"{table.name}.{name}" in policy.wordings
        for variant in policy.wordings[f"{table.name}.{name}"].parts.get("verdict", ())
    ]
    about = [table.title] if decision.verdict == "no" else []
    return lexicon().things_in("\n".join([*said, *about]))


def _wrong_about_time(ground: Ground, decision: Decision, clause: str) -> bool:
    words = lexicon()
    if clause.endswith("?") or words.says("only_asks", clause) or words.says("only_tells", clause):
        return False
    if decision.verdict == "yes":
        return bool(words.says("too_late", clause)) and not re.search(r"\bnot too late\b|n't too late", clause, re.I)
    late = _turns_on_time(ground, decision)
    return (
        late and bool(words.says("in_time", clause)) and not words.says("refuses", clause.replace("not too late", ""))
    )


def _turns_on_time(ground: Ground, decision: Decision) -> bool:
    rules = ground.kb.table(decision.table).rules
    return any(
        test.op in _TIME_TESTS
        for rule in rules
        if rule.id == decision.rule or (decision.rule is None and rule.then == decision.outcome)
        for test in tests_in(rule.when)
    )


def _bare(text: str, clause: str, decision: Decision) -> bool:
    words = lexicon()
    if len(text.split()) > SHORT or words.things_in(clause) - {"cover"} or clause.endswith("?"):
        return False
    if words.says("only_asks", clause) or words.says("only_tells", clause) or words.says("only_works", text):
        return False
    return bool(words.says("bare_yes" if decision.verdict == "no" else "bare_no", clause))
