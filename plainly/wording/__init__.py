"""Putting decisions and clauses into words: one renderer for chat, drafts and pages."""
