"""Finding the clauses that answer a question, or saying that none does."""

from plainly.retrieve.index import Index

__all__ = ["Index"]
