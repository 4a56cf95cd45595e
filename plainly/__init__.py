"""Plainly: a company's policy folder becomes kind, true, cited answers."""
