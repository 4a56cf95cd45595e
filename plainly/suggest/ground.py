"""What is known of a case when staff answer it: the folder, the facts, the decision, what was said and granted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from plainly import decide
from plainly.errors import PlainlyError
from plainly.model import Context, Decision, Facts, KnowledgeBase, Lever, Policy
from plainly.wording.slots import Telling


@dataclass(frozen=True)
class Granted:
    """A lever that was granted to this customer."""

    policy: str
    lever: str


@dataclass(frozen=True)
class Ground:
    """One case. `cited` are the policies cited so far, `said` what customer and bot wrote, in order.

    `left` maps "policy.lever" to the grants left; a lever that is not named has all of its caps left. `reason` is why
    people came in, if they did.
    """

    kb: KnowledgeBase
    today: date
    context: Context
    facts: Facts
    decision: Decision | None = None
    cited: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    granted: tuple[Granted, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None

    @property
    def policy(self) -> Policy | None:
        """The policy of the decision, or the one under discussion."""
        id_ = self.decision.policy if self.decision else self.context.policy
        return self.kb.policies.get(id_ or "")

    @property
    def settled(self) -> Decision | None:
        """The decision, when it came to an outcome."""
        return self.decision if self.decision is not None and self.decision.outcome is not None else None

    def telling(self, policy: Policy) -> Telling:
        """What wording needs to speak about a policy in this case."""
        here = self.decision.table if self.decision and self.decision.policy == policy.id else None
        return Telling(self.kb, policy, self.facts, self.today, here)

    def has(self, policy: str, lever: Lever) -> bool:
        """Whether this lever was granted."""
        return Granted(policy, lever.id) in self.granted

    def granted_levers(self, policy: Policy) -> list[Lever]:
        """The levers of a policy that were granted, in the folder's order."""
        return [lever for lever in policy.levers.values() if self.has(policy.id, lever)]

    def all_granted(self) -> list[tuple[Policy, Lever]]:
        """Every lever that was granted, of whatever policy, as the folder has it now."""
        policies = self.kb.policies
        return [
            (policies[one.policy], policies[one.policy].levers[one.lever])
            for one in self.granted
            if one.policy in policies and one.lever in policies[one.policy].levers
        ]

    def made_room(self, policy: Policy) -> bool:
        """Whether a person made room in this policy; "we can't" is no longer the whole truth then."""
        return any(one.policy == policy.id for one in self.granted)


def decided(kb: KnowledgeBase, path: str | None, facts: Facts, today: date) -> Decision | None:
    """The decision at a path, worked out from these facts; None when there is none or the rules do not reach it."""
    try:
        return decide.decide(kb, path, facts, today) if path else None
    except PlainlyError:
        return None
