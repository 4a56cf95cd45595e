"""The desk's own side: who waits, who has what, and everything staff do in a conversation."""
