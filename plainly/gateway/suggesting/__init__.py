"""Suggested replies, discretion, saved replies, and the same for other help desks."""
