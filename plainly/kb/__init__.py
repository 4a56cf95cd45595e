"""Files -> a checked, immutable KnowledgeBase, or precise problems."""

from plainly.kb.loader import Loaded, load
from plainly.kb.problems import Problem
from plainly.kb.values import parse_value

__all__ = ["Loaded", "Problem", "load", "parse_value"]
