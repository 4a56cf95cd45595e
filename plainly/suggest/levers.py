"""Which levers a role may use in a case, and for the others why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plainly import decide
from plainly.decide.comparing import tests_in
from plainly.model import Citation, Lever, Policy
from plainly.suggest.ground import Ground
from plainly.wording.outcome import lever_amount, say_lever
from plainly.wording.phrases import phrases
from plainly.wording.quote import cite

LADDER = ("bot", "agent", "supervisor", "owner")
"""Who may grant: each also what the ones before may."""


@dataclass(frozen=True)
class Offer:
    """A lever as staff see it, with its amount in words. `check` is what to find out first.

    `why_not` is empty when it may be granted.
    """

    policy: str
    lever: Lever
    say: str
    amount: str
    left: int
    why_not: str = ""
    check: str = ""

    @property
    def allowed(self) -> bool:
        """Whether this role may grant it in this case now."""
        return not self.why_not


def offers(ground: Ground, role: str) -> list[Offer]:
    """The levers of the case's policy, then those for what people came in for; first what this role may grant."""
    found = [_offer(ground, policy, lever, role) for policy, lever in _levers(ground)]
    return sorted(found, key=lambda offer: not offer.allowed)


def _levers(ground: Ground) -> Iterator[tuple[Policy, Lever]]:
    own = ground.policy
    yield from ((own, lever) for lever in own.levers.values()) if own else ()
    for policy in ground.kb.policies.values():
        if policy is not own:
            yield from ((policy, lever) for lever in policy.levers.values() if ground.reason in lever.escalations)


def _offer(ground: Ground, policy: Policy, lever: Lever, role: str) -> Offer:
    left = ground.left.get(f"{policy.id}.{lever.id}", lever.per_customer)
    say = say_lever(ground.telling(policy), lever)
    fits = _fits(ground, policy, lever)
    reason = _why_not(ground, lever, role, left=left, fits=fits)
    check = _check(ground, lever) if fits is None and not reason else ""
    amount = lever_amount(lever, ground.kb.business.currency)
    return Offer(policy.id, lever, say, amount, left, reason, check)


def _fits(ground: Ground, policy: Policy, lever: Lever) -> bool | None:
    if lever.when is None:
        return True
    return decide.is_true(ground.kb, policy.id, lever.when, ground.facts, ground.today)


def _why_not(ground: Ground, lever: Lever, role: str, *, left: int, fits: bool | None) -> str:
    if LADDER.index(lever.by) > LADDER.index(role):
        return _say("role", by=phrases().line(f"suggest.role.{lever.by}"))
    if lever.outcomes and not _softens(ground, lever):
        return _say("outcome") if ground.settled else _say("open")
    if fits is False:
        return _say("case")
    return "" if left > 0 else _say("used", times=str(lever.per_customer))


def _softens(ground: Ground, lever: Lever) -> bool:
    decision = ground.settled
    return decision is not None and decision.named_outcome in lever.outcomes


def _check(ground: Ground, lever: Lever) -> str:
    """The question whose answer tells whether the lever fits."""
    unknown = [test.fact for test in tests_in(lever.when) if test.fact not in ground.facts] if lever.when else []
    asks = [ground.kb.facts[name].ask for name in unknown if name in ground.kb.facts]
    return asks[0] if asks else ""


def _say(key: str, **slots: str) -> str:
    return phrases().line(f"suggest.why_not.{key}", **slots)


def words_for_customer(ground: Ground, offer: Offer) -> str:
    """What the customer reads once a lever is granted: the folder's words with their clause, and that it is done."""
    source = cite(ground.kb, Citation.of(offer.policy, offer.lever.clause))
    return f"{offer.say} {source} {phrases().line('suggest.granted')}".strip()
