"""Every problem code the loader and the checker can give, with what it means (docs/checking.md)."""

from __future__ import annotations

from collections.abc import Mapping

UNREAD = frozenset(
    {"unreadable_file", "outside_folder", "too_large", "not_utf8", "byte_order_mark", "carriage_return", "tab"}
    | {"bad_character", "empty_file", "yaml_syntax", "yaml_alias", "yaml_tag", "too_deep", "no_front_matter"}
)
"""Problems after which a file's contents are not known."""

CONSEQUENCES = frozenset(
    {"unknown_fact", "unknown_parameter", "unknown_decision", "unknown_outcome", "unknown_rule", "unknown_clause"}
    | {"unknown_policy", "unknown_alternative", "unknown_mission", "unknown_channel", "unknown_slot", "no_history"}
    | {"no_wording", "missing_file"}
)
"""Problems that may only be there because another file could not be read."""

CODES: Mapping[str, str] = {
    # files
    "no_folder": "The policy folder is not there or cannot be read.",
    "missing_file": "A file that must be there is not.",
    "unknown_file": "A file or folder that nothing reads.",
    "bad_name": "A folder, file, fact, rule or other name is not lower-case words joined by _.",
    "unreadable_file": "A file cannot be opened, or is not a plain file.",
    "outside_folder": "A link leads out of the policy folder.",
    "too_large": "A file is larger than 1 MB.",
    "not_utf8": "A file is not UTF-8 text.",
    "byte_order_mark": "A file starts with a byte order mark.",
    "carriage_return": "A file has Windows line ends.",
    "tab": "A file has a tab.",
    "bad_character": "A file has a control character that cannot be seen.",
    "empty_file": "A file has nothing in it.",
    # YAML
    "yaml_syntax": "A file is not valid YAML.",
    "yaml_alias": "A file uses YAML anchors or aliases.",
    "yaml_tag": "A file uses YAML tags.",
    "too_deep": "A file is nested too deeply.",
    "duplicate_key": "A key is written twice.",
    # keys and values
    "unknown_key": "A key that nothing reads.",
    "missing_key": "A required key is missing.",
    "empty_value": "A key without a value.",
    "wrong_type": "A text where a list or mapping belongs, or the other way round.",
    "unknown_word": "A word that is not on a closed list.",
    "too_long": "A text is longer than allowed.",
    "bad_value": "A value is not of the type asked for.",
    "bad_choice": "A value is not among those the fact declares.",
    "bad_date": "A date that is none.",
    "bad_duration": "A duration that is none.",
    "bad_percent": "A percentage outside 0 to 100.",
    "bad_unit": "A unit that does not exist or does not fit.",
    "out_of_bounds": "Bounds that contradict each other.",
    "duplicate_name": "A name that means two things.",
    "bad_path": "A page path or link that cannot be one.",
    # policy.md
    "no_front_matter": "policy.md does not start with its front matter.",
    "text_before_clause": "Words before the first numbered heading.",
    "unnumbered_heading": "A heading without a number.",
    "duplicate_clause": "A clause number used twice.",
    "empty_clause": "A clause without words.",
    "no_clauses": "A policy without clauses.",
    "no_summary": "A policy that explains or decides without a summary.",
    "unknown_mission": "A goal that names no line of the mission.",
    "unknown_clause": "A citation of a clause that does not exist.",
    "unknown_policy": "A reference to a policy that does not exist.",
    "circular_related": "A policy related to itself, or twice to another.",
    "unknown_alternative": "An outcome offers an alternative that does not exist.",
    "unknown_channel": "A procedure names a channel that does not exist.",
    "bad_markup": "Markup beyond bold, italics, links and lists.",
    # rules.yml
    "undated_number": "A parameter's value without the date it holds from.",
    "unknown_fact": "A fact that is not declared.",
    "unknown_parameter": "A parameter that is not declared.",
    "unknown_operator": "An operator that does not exist or does not fit the fact's type.",
    "bare_number": "A rule that writes a number instead of naming a parameter.",
    "wrong_value_type": "A value of the wrong type for its fact.",
    "unknown_outcome": "An outcome that is not declared.",
    "unknown_decision": "A decision that does not exist.",
    "unknown_rule": "A row that does not exist.",
    "no_needs_agent": "A decision without needs_agent.",
    "no_rules": "A decision without rows.",
    "unused_outcome": "An outcome that no row gives.",
    "first_without_note": "hit: first without saying why.",
    "circular_exception": "Exceptions that lead back to themselves.",
    "circular_derived": "Derived values that lead back to themselves.",
    "bad_derived": "A derived value whose parts do not fit together.",
    # wording
    "no_wording": "An outcome without wording.",
    "unknown_part": "A heading in a wording file that is no part of an answer.",
    "no_verdict": "A wording file without a verdict.",
    "long_verdict": "A verdict of more than one sentence.",
    "uncovered_variant": "A verdict that is missing for some values of a fact.",
    "unknown_slot": "A slot that does not exist.",
    "untested_slot": "A verdict that uses a fact its rows do not test.",
    "unsaid_slot": "A verdict that uses a choice with a value that is never read back.",
    # levers, examples, history
    "no_cap": "A lever without a cap.",
    "before_first_value": "An example dated before a parameter's first value.",
    "no_history": "A parameter changes on a date without a history entry.",
    "history_order": "History that is not newest first.",
    "no_replacement": "Something ends without a document, online help and a training in time to replace it.",
    # what `plainly check` adds: rules
    "gap": "A case for which no row answers.",
    "overlap": "A case for which two rows answer.",
    "two_exceptions": "A case in which two exceptions to one row both hold.",
    "unreachable_row": "A row that no case reaches.",
    "unreachable_outcome": "An outcome that no case reaches.",
    "cannot_prove": "A table that cannot be proven.",
    # links and coverage
    "dead_link": "A link to a page that does not exist.",
    "no_example": "An outcome that no example reaches.",
    "uncited_clause": "Clauses of a decided policy that nothing rests on.",
    "review_overdue": "A policy whose review is overdue.",
    # worked examples
    "example_fails": "An example that comes out differently.",
    "example_row": "An example that another row decides.",
    "example_clause": "An example that does not cite what it should.",
    "example_asks": "An example that asks for another fact.",
    "example_says": "An example whose answer lacks a phrase.",
    "example_message": "An example whose message is understood otherwise.",
    # reading
    "hard_reply": "A reply above reading grade 8.",
    "long_reply": "A reply of more than 110 words.",
    "unused_variant": "A variant of a wording that no case shows.",
    "hard_text": "A policy text above reading grade 9, or 12.",
    "long_sentence": "A sentence of more than 25 words.",
    "passive": "Too many sentences in the passive voice.",
    "jargon": "A word of officials or lawyers.",
}
