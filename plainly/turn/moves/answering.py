"""Explaining a rule: the clause that answers, in its own words, with its number."""

from __future__ import annotations

from plainly.model import Citation, Clause, Decision, Found, Policy, Record, Reply
from plainly.retrieve.words import content_words
from plainly.turn import topic
from plainly.turn.listening import asks_the_way, names_a_topic
from plainly.turn.turn import Draft, Turn
from plainly.wording import outcome as words
from plainly.wording.acknowledge import acknowledge
from plainly.wording.phrases import phrases
from plainly.wording.quote import cite, link, quote, say_steps
from plainly.wording.slots import join_words

MOST_ASKS = 3
ALSO = 0.6
"""A further question is answered when its own search is at least this sure."""

TIMES_UNCLEAR = 2
MOST_RELATED = 2

CLAUSE_LEAD = 0.15
"""How much nearer than any steps a clause must be to answer "how"; how much farther it may be to answer the rest."""

NEAR = 0.2
"""From this probability on, the nearest policy is named even though it does not answer."""


def citation(clause: Clause) -> Citation:
    """A pointer to a clause."""
    return Citation(clause.policy, clause.number)


def answer(turn: Turn) -> Reply:
    """The rule that answers the question; its meaning for the customer when they told their case."""
    from plainly.turn.moves import deciding, people, softening

    if turn.case.act == "nlu_fallback" and not turn.understanding.asks and not turn.heard:
        if turn.understanding.pushback and turn.case.context.policy:
            return softening.soften(turn)
        if turn.understanding.complaint:
            return people.take_complaint(turn)
    says_nothing_new = turn.case.context.awaiting == "fact" and not content_words(turn.case.text)
    whole, asks = turn, turn.understanding.asks
    turn = turn.about(asks[0]) if len(asks) > 1 else turn
    found = turn.search()
    if says_nothing_new or found.status == "not_covered" or not found.passages:
        return (_gone_on(turn) if _goes_on(turn) else None) or not_found(turn, found)
    unsure = (found.close or found.status == "unclear") and topic.named_policy(turn, found) is None
    if unsure and len(found.policies) > 1 and not turn.case.context.policy:
        return deciding.told_case(whole) or ask_which(turn, found)
    policy = topic.policy_asked(turn, found)
    table = topic.best_decision(turn, policy)
    if table is not None and turn.heard:
        reply = deciding.decide_table(turn, table, found.passages)
        is_settled = reply.decision is not None and reply.decision.outcome is not None
        if is_settled or deciding.tells_a_case(whole):
            return reply
    return explain(turn, found, policy)


def _goes_on(turn: Turn) -> bool:
    """Whether words that no rule answers belong to what was said before: "so can I or can't I?", "two weeks?"."""
    tells = bool(turn.heard) or (turn.case.act == "inform" and not turn.understanding.asks)
    awaits = turn.case.context.awaiting in ("fact", "choice")
    return (awaits and tells) or not content_words(turn.case.text)


def _gone_on(turn: Turn) -> Reply | None:
    """The case under discussion taken further; of policies nobody chose from, the likeliest."""
    from plainly.turn.moves import deciding

    context, table = turn.case.context, topic.current_table(turn)
    if table is not None:
        return deciding.decide_table(turn, table)
    if context.awaiting != "choice" or not context.question:
        return None
    found = turn.search(context.question)
    if found.status == "not_covered" or not found.passages:
        return None
    whole = turn.about(f"{context.question} {turn.case.text}")
    policy = turn.kb.policies[found.policies[0][0]]
    table = topic.best_decision(whole, policy)
    return deciding.decide_table(whole, table, found.passages) if table else explain(whole, found, policy)


def explain(turn: Turn, found: Found, policy: Policy) -> Reply:
    """A policy's rule in plain words, with the clause it rests on and a way on."""
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    clause = best_clause(found, policy)
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, None, "", turn.case.context.said))
    if topic.is_general(turn, found, policy, clause.number) and policy.summary:
        draft.add("verdict", policy.summary).cite(citation(clause))
    else:
        draft.add("rule", quote(clause)).cite(citation(clause))
    also(draft, turn.understanding.asks[1:])
    settled = turn.case.context.outcome if topic.is_decided(turn, policy) else None
    if settled is not None:
        draft.button(phrases().word("button_person"), "ask_human")
    elif policy.decisions:
        table = topic.best_decision(turn, policy)
        draft.say("offer", "answer.check_offer")
        draft.button(phrases().word("button_check"), "choose", choice=f"decision:{table.id if table else ''}")
    elif policy.resources:
        draft.add("links", link(policy.resources[0]))
    draft.button(phrases().word("button_why"), "ask_why").button(phrases().word("button_more"), "ask_more")
    draft.keep(policy=policy.id, question=turn.case.text, outcome=settled, part=clause.number, unclear=0)
    if turn.case.context.policy != policy.id:
        draft.keep(decision=None, pushbacks=0)
    return draft.reply("answered")


def best_clause(found: Found, policy: Policy) -> Clause:
    """The clause of a policy that fits the question best; its first when the search names none."""
    number = next(
        (passage.clause for passage in found.passages if passage.policy == policy.id), next(iter(policy.clauses))
    )
    return policy.clauses[number]


def also(draft: Draft, asks: tuple[str, ...]) -> None:
    """The further questions of the same message, each with its own clause."""
    turn = draft.turn
    for ask in asks[: MOST_ASKS - 1]:
        found = turn.search(ask)
        if not found.passages or found.status == "not_covered" or found.covered < ALSO:
            continue
        clause = turn.kb.policies[found.passages[0].policy].clauses[found.passages[0].clause]
        if citation(clause) not in draft.citations:
            draft.add("next", f"{phrases().line('answer.also_asked')} {quote(clause)} {_source(draft, clause)}")


def _source(draft: Draft, clause: Clause) -> str:
    draft.cite(citation(clause), shown=False)
    return cite(draft.turn.kb, citation(clause))


def ask_which(turn: Turn, found: Found) -> Reply:
    """Two policies are near: the customer chooses, we don't guess."""
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    titles = [turn.kb.policies[policy].title.lower() for policy, _ in found.policies[:3]]
    draft.say("question", "answer.close_choice", options=join_words(titles, "or"))
    for policy, _ in found.policies[:3]:
        draft.button(turn.kb.policies[policy].title, "choose", choice=f"policy:{policy}")
    return draft.keep(awaiting="choice", question=turn.case.text).reply("clarified")


def not_found(turn: Turn, found: Found) -> Reply:
    """No policy says it: we say so, note the gap, and offer a person."""
    from plainly.turn.moves import deciding, people, recalling

    context = turn.case.context
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, None, "", context.said))
    if recalling.what_was_said(draft):
        return people.offer_person(draft, "not_understood").reply("answered")
    if not turn.understanding.asks:
        table = topic.of_a_part(turn) if deciding.tells_a_case(turn) and context.decision is None else None
        if table is not None:
            return deciding.decide_table(turn, table, found.passages)
        draft.keep(question=_so_far(turn))
        if context.unclear and (reply := _pieced_together(turn, found)) is not None:
            return reply
        if context.unclear + 1 < TIMES_UNCLEAR:
            draft.say("question", "answer.say_again")
            _topics(draft, found)
            return draft.keep(awaiting="choice", unclear=context.unclear + 1).reply("clarified")
    key = (
        "answer.not_understood_person"
        if context.unclear + 1 >= TIMES_UNCLEAR and not turn.understanding.asks
        else "answer.not_found"
    )
    draft.say("verdict", key)
    if found.policies and found.covered >= NEAR:
        draft.add("rule", phrases().line("answer.not_found_near", title=turn.kb.policies[found.policies[0][0]].title))
    draft.effects.append(
        Record("gap", {"question": turn.case.text[:500], "nearest": found.passages[0].policy if found.passages else ""})
    )
    _topics(draft, found)
    return people.offer_person(draft, "not_understood").keep(unclear=context.unclear + 1).reply("no_policy_found")


def _so_far(turn: Turn) -> str:
    """All the words we have not understood yet: a case may be told in pieces."""
    context = turn.case.context
    return f"{context.question} {turn.case.text}" if context.unclear else turn.case.text


def _pieced_together(turn: Turn, found: Found) -> Reply | None:
    """A case told in pieces, none of them a question: what the policy they surely point at means for it."""
    from plainly.turn.moves import deciding

    whole = turn.about(_so_far(turn))
    together = whole.search()
    best = max((found, together), key=lambda one: one.policies[0][1] if one.policies else 0.0)
    if not best.policies or best.policies[0][1] < topic.CERTAIN or best.covered < NEAR:
        return None
    policy = turn.kb.policies[best.policies[0][0]]
    table = topic.best_decision(whole, policy)
    return deciding.decide_table(whole, table, best.passages) if table else explain(whole, best, policy)


def _topics(draft: Draft, found: Found) -> None:
    for policy, _ in found.policies[:2]:
        draft.button(draft.turn.kb.policies[policy].title, "choose", choice=f"policy:{policy}")


def current_policy(turn: Turn, found: Found) -> Policy | None:
    """The policy under discussion, unless the message surely names another."""
    here = turn.case.context.policy
    if here is not None and here in turn.kb.policies and not names_a_topic(turn.case.text):
        return turn.kb.policies[here]
    if (named := topic.named_policy(turn, found)) is not None:
        return named
    sure = found.covered >= topic.CERTAIN and found.policies[0][1] >= topic.CERTAIN
    if found.policies and found.status == "covered" and (here is None or sure):
        return turn.kb.policies[found.policies[0][0]]
    return turn.kb.policies.get(here) if here else None


def tell_how(turn: Turn) -> Reply:
    """The steps of the procedure that fits, or the clause that says how."""
    from plainly.turn.moves import recalling

    found = turn.search()
    policy = current_policy(turn, found)
    if policy is None or not policy.procedures:
        return answer(turn)
    texts = [f"{item.title}. {' '.join(item.steps)}" for item in policy.procedures]
    likeness = [turn.engine.likeness(turn.case.text, (text,)) for text in texts]
    procedure = policy.procedures[likeness.index(max(likeness))]
    told = f"procedure:{policy.id}.{procedure.id}"
    # When the steps are there already, what is asked now is something about them.
    is_told = told in turn.case.context.said and found.passages
    if is_told or _asks_for_a_rule(turn, found, best_clause(found, policy), max(likeness)):
        return recalling.told_already(turn, "answer") or explain(turn, found, policy)
    draft = Draft(turn, passages=found.passages, confidence=found.covered)
    draft.said.append(told)
    draft.add("verdict", say_steps(procedure))
    clause = best_clause(found, policy)
    draft.cite(citation(clause))
    channels = [channel.title.lower() for channel in turn.kb.business.channels if channel.id in procedure.channels]
    if channels:
        draft.add("next", phrases().line("answer.channels_lead", channels=join_words(channels, "or")))
    if policy.resources:
        draft.add("links", link(policy.resources[0]))
    return draft.turn_to(policy).keep(question=turn.case.text, part=clause.number).reply("answered")


def _asks_for_a_rule(turn: Turn, found: Found, clause: Clause, procedure: float) -> bool:
    """Whether a clause answers better than the steps of the nearest procedure, whose likeness is given.

    "How do I join?" with no steps for joining does; so does what holds no word of a way at all, unless it is far off.
    """
    if found.status != "covered":
        return False
    lead = topic.likeness_to(turn, clause) - procedure
    return lead >= (CLAUSE_LEAD if asks_the_way(turn.case.text) else -CLAUSE_LEAD)


def tell_deadline(turn: Turn) -> Reply:
    """Until when, or how long: the customer's own date when the facts are there, else the rule."""
    from plainly.turn.moves import deciding

    context = turn.case.context
    table = topic.current_table(turn)
    if table is not None and context.outcome and not content_words(turn.case.text):
        return deciding.decide_table(turn, table)
    found = turn.search()
    stays = context.decision and context.outcome and (not found.policies or found.policies[0][0] == context.policy)
    if stays and turn.heard:
        return deciding.decide_case(turn)
    if turn.heard:
        told = deciding.decide_case(turn)
        if told.decision is not None and told.decision.outcome is not None:
            return told
    return answer(turn)


def tell_more(turn: Turn) -> Reply:
    """More of what was just told: the outcome's longer words, then the clauses themselves.

    While a question of ours is open, not understanding means that question.
    """
    from plainly.turn.moves import deciding

    context = turn.case.context
    if context.awaiting == "fact" and context.asked in turn.kb.facts:
        return deciding.why_asked(turn)
    policy = turn.kb.policies.get(context.policy or "")
    if policy is None:
        return answer(turn) if turn.understanding.asks else _nothing_yet(turn)
    draft = Draft(turn)
    draft.add_phrase("acknowledge", acknowledge(turn.understanding, None, "", context.said))
    if context.part == "more" and topic.is_decided(turn, policy) and _tell_outcome_more(draft, policy):
        return draft.keep(part="clauses", outcome=context.outcome).reply("answered")
    return _tell_clauses(draft, policy)


def _nothing_yet(turn: Turn) -> Reply:
    draft = Draft(turn).say("question", "answer.say_again")
    for policy in list(turn.kb.policies.values())[:4]:
        draft.button(policy.title, "choose", choice=f"policy:{policy.id}")
    return draft.keep(awaiting="choice").reply("clarified")


def _tell_outcome_more(draft: Draft, policy: Policy) -> bool:
    from plainly import decide

    turn = draft.turn
    decision = decide.decide(turn.kb, turn.case.context.decision or "", turn.facts, turn.today)
    parts = words.outcome_parts(turn.telling(policy, decision.table), decision, ("more",))
    for part in parts:
        draft.add("rule", part.text)
    draft.add("next", _like_yours(turn, policy, decision))
    draft.cite(*decision.citations)
    draft.button(phrases().word("button_why"), "ask_why").button(phrases().word("button_more"), "ask_more")
    return bool(parts)


def _like_yours(turn: Turn, policy: Policy, decision: Decision) -> str:
    """A worked case that came out the same way and is not the customer's own over again."""
    name, known = decision.table.partition(".")[2], {fact.name: fact.value for fact in turn.facts.values()}
    alike = [
        example
        for example in policy.examples
        if example.tell and example.expect.get(name) == decision.outcome and not example.given.items() <= known.items()
    ]
    return phrases().line("answer.example", example=alike[0].name.rstrip(".")) if alike else ""


def _tell_clauses(draft: Draft, policy: Policy) -> Reply:
    """The clause in full and the ones beside it, then what there is to read."""
    context = draft.turn.case.context
    numbers = list(policy.clauses)
    here = numbers.index(context.part) if context.part in numbers else -1
    following = numbers[here + 1 : here + 3]
    for id_ in policy.related[:MOST_RELATED]:
        draft.button(draft.turn.kb.policies[id_].title, "choose", choice=f"policy:{id_}")
    if not following:
        draft.say("verdict", "answer.more_none")
        return draft.keep(part=context.part, outcome=context.outcome).reply("answered")
    for number in following:
        clause = policy.clauses[number]
        draft.add("rule", f"**{clause.title}.** {quote(clause)}")
        draft.cite(citation(clause))
    if policy.resources:
        draft.add("links", link(policy.resources[-1]))
    draft.button(phrases().word("button_more"), "ask_more")
    return draft.keep(part=following[-1], outcome=context.outcome).reply("answered")
