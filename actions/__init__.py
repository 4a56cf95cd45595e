"""Rasa's hands: one small action for each move; the thinking is in plainly/turn."""
