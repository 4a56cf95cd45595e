"""Rasa's hands: one small action for each move; the thinking is in plainly/turn."""


def warm_up() -> None:
    """Open the engine before the first customer needs it. Raises PlainlyError when the folder has errors."""
    from actions import live

    live.engine()
