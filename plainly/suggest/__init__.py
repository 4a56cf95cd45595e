"""Replies put before staff: drafts from the engine, warnings when words contradict it, what may be granted. Pure."""
