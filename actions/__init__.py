"""Rasa's hands: one small action for each move; the thinking is in plainly/turn."""


def warm_up() -> None:
    """Open the engine and make two moves, so that no customer waits for what is loaded at first use.

    Raises PlainlyError when the policy folder has errors.
    """
    from actions import bridge, live
    from plainly.clock import now
    from plainly.model import Case

    for policy in list(live.engine().kb.policies.values())[:1]:
        for move in ("answer", "decide"):
            bridge.reply_to(Case(policy.title, "ask_policy", now()), move)
