"""Two places where Rasa 3.6.21 does the same work over and over. Nothing but the speed changes.

Rasa checks its own answer schema anew on each action call (20 ms of blocked event loop), and looks for
an event's class by walking all subclasses, for each event.
"""

from __future__ import annotations

import logging
from typing import Any

import rasa
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core import events

VERSION = "3.6.21"
logger = logging.getLogger(__name__)


def apply() -> bool:
    """Put both patches in, once; False and a warning on another version, which is left as it is."""
    if rasa.__version__ != VERSION:
        logger.warning("The speed patches are for Rasa %s, not %s; left out.", VERSION, rasa.__version__)
        return False
    if not hasattr(RemoteAction, "unpatched_validate"):
        _compile_the_answer_schema()
        _remember_event_classes()
    return True


def _compile_the_answer_schema() -> None:
    original = RemoteAction._validate_action_result
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        # The original words the error; it only runs when there is one.
        return True if validator.is_valid(result) else bool(original(self, result))

    RemoteAction.unpatched_validate = original
    RemoteAction._validate_action_result = validate


def _remember_event_classes() -> None:
    original = events.Event.resolve_by_type
    known: dict[str, type[events.Event]] = {}

    def resolve(type_name: str, default: type[events.Event] | None = None) -> type[events.Event] | None:
        found = known.get(type_name) or original(type_name, default)
        if found is not None and found.type_name == type_name:
            known[type_name] = found
        return found

    events.Event.unpatched_resolve = staticmethod(original)
    events.Event.resolve_by_type = staticmethod(resolve)
