"""Decisions from rules written as data: settled, or the one fact to ask for next."""

from plainly.decide.deciding import decide, find_table, is_true
from plainly.decide.deriving import derive, parameters
from plainly.decide.errors import DecideError
from plainly.decide.parameters import value_at
from plainly.decide.proofs import Proofs, Witness, proofs, witness_of
from plainly.decide.values import canonical

__all__ = [
    "DecideError", "Proofs", "Witness", "canonical", "decide", "derive", "find_table", "is_true", "parameters",
    "proofs", "value_at", "witness_of",
]  # fmt: skip
