"""Figures that are laid down as terms, held against the policies at hand and the facts of the case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plainly.model import Duration
from plainly.suggest.cautions import Caution
from plainly.suggest.claims import lexicon, sentences
from plainly.suggest.figures import Figure, figures
from plainly.suggest.ground import Ground
from plainly.suggest.known_figures import of_the_case, of_the_decision, of_the_rules, out_of_date
from plainly.suggest.verdicts import own_things
from plainly.wording.outcome import lever_amount, outcome_parts
from plainly.wording.phrases import phrases
from plainly.wording.slots import join_words

_NO_REFUND = re.compile(r"\b(fee|charge|discount|limit|goodwill|compensation|voucher)", re.IGNORECASE)


def terms(text: str, ground: Ground) -> Iterator[Caution]:
    """The figures laid down as terms that neither the rules nor the case know."""
    words = lexicon()
    case, old = of_the_case(ground), out_of_date(ground)
    for sentence in sentences(text):
        own = _own_times(ground, sentence)
        is_limit = bool(own) or words.says("limits", sentence) is not None
        if not figures(sentence) or _is_no_term(sentence, is_limit):
            continue
        rules = of_the_rules(ground, sentence)
        for figure in figures(sentence):
            is_own = bool(own) and figure.kind in ("time", "date")
            known = own if is_own else rules if is_limit and figure.kind == "time" else [*rules, *case]
            is_old = is_limit and any(figure.is_like(one) for one in old) and not words.says("of_old", sentence)
            is_known = any(figure.is_like(one) for one in known) or _is_unknowable(ground, figure, sentence)
            if (is_old and not is_own) or not is_known:
                yield Caution("figure", figure.text, _says_figure(ground, figure, "figure_own" if is_own else "figure"))


def _is_no_term(sentence: str, is_limit: bool) -> bool:
    """A question, a next step, or something seen in an order lays down no terms."""
    words = lexicon()
    if not (is_limit or words.says("terms", sentence)) or words.says("agenda", sentence) or sentence.endswith("?"):
        return True
    return words.says("observed", sentence) is not None and not is_limit


def _own_times(ground: Ground, sentence: str) -> list[Figure]:
    """The times that hold where a sentence tells how long the decision's own things are open, and nothing else."""
    decision = ground.settled
    if decision is None or lexicon().says("own_time", sentence) is None:
        return []
    things, own = lexicon().things_in(sentence), own_things(ground, decision)
    return of_the_decision(ground, own) if things and things <= own else []


def _is_unknowable(ground: Ground, figure: Figure, sentence: str) -> bool:
    """What an order cost stands in no policy; without a price on record a refund's sum cannot be checked."""
    if figure.kind != "money":
        return False
    words = lexicon()
    prices = [name for name in ground.facts if name in ground.kb.facts and ground.kb.facts[name].type == "money"]
    paying = words.says("amounts_only", sentence) is not None
    return paying and not prices and not _NO_REFUND.search(sentence)


def _says_figure(ground: Ground, figure: Figure, key: str) -> str:
    decision, policy = ground.settled, ground.policy
    if decision is not None and policy is not None:
        rule = " ".join(part.text for part in outcome_parts(ground.telling(policy), decision, ("rule",)))
        if rule:
            levers = [one for one in ground.granted_levers(policy) if isinstance(one.amount, Duration)]
            given = [lever_amount(lever, ground.kb.business.currency) for lever in levers]
            says = phrases().line(f"suggest.says.{key}", figure=figure.text, rule=rule)
            granted = phrases().line("suggest.says.granted", amount=join_words(given)) if given else ""
            return f"{says} {granted}".strip()
    return phrases().line("suggest.says.figure_plain", figure=figure.text)
