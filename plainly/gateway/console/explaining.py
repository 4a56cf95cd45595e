"""A conversation in the folder's own words: what staff read in place of ids, and whether its receipts stand."""

from __future__ import annotations

from collections.abc import Iterable

from plainly.model import KnowledgeBase, Policy
from plainly.store.types import Json
from plainly.suggest.receipts import standing
from plainly.wording.phrases import phrases


def in_words(kb: KnowledgeBase, packet: Json, receipts: Iterable[Json], language: str) -> Json:
    """What a packet offered and what was refused by their labels, the policy's goal, and how its receipts stand."""
    policy = kb.policies.get(packet.get("policy") or "")
    return {
        "goal": policy.goal.say if policy and policy.goal else "",
        "offered": _labels(kb, policy, packet.get("offered") or ()),
        "declined": _labels(kb, policy, packet.get("declined") or ()),
        "receipts": [_receipt(kb, told, language) for told in receipts],
    }


def _receipt(kb: KnowledgeBase, told: Json, language: str) -> Json:
    stands = standing(kb, told)
    says = phrases(language).line(f"suggest.receipt.{stands}")
    return {"id": told.get("id"), "outcome": told.get("outcome"), "stands": stands, "says": says}


def _labels(kb: KnowledgeBase, policy: Policy | None, ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(label for id_ in ids if (label := _label(kb, policy, id_))))


def _label(kb: KnowledgeBase, policy: Policy | None, id_: str) -> str:
    """What a customer was offered, as the folder calls it: "exchange", "lever:week", "alternative:returns.exchange".

    What the folder no longer has is made readable.
    """
    kind, _, name = id_.rpartition(":")
    owner, _, last = name.rpartition(".")
    here = kb.policies.get(owner) if owner else policy
    match kind:
        case "policy" if name in kb.policies:
            return kb.policies[name].title
        case "person":
            return phrases().line("suggest.a_person")
        case "decision" if here and last in here.decisions:
            return here.decisions[last].title or _readable(last)
        case "lever" if here and last in here.levers:
            return here.levers[last].label
        case "" | "alternative" if here and last in here.alternatives:
            return here.alternatives[last].label
        case _:
            return _readable(last)


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()
