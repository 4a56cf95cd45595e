"""Reads a policy folder into a checked KnowledgeBase, or says precisely what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from plainly.kb.asked_file import read_asked
from plainly.kb.business_file import read_business, read_glossary, read_pages
from plainly.kb.clauses import read_clauses, split_front_matter
from plainly.kb.codes import CONSEQUENCES, UNREAD
from plainly.kb.decisions import read_decisions
from plainly.kb.derived import read_derived
from plainly.kb.examples_file import read_examples
from plainly.kb.facts_file import join_facts, read_facts
from plainly.kb.fields import table_of
from plainly.kb.files import FolderFiles, PolicyFiles, Source, read_folder
from plainly.kb.history_file import read_history
from plainly.kb.parameters import read_parameters
from plainly.kb.policy_file import alternative_ids, read_front_matter
from plainly.kb.problems import Problem, Problems, did_you_mean
from plainly.kb.scope import Scope
from plainly.kb.version import folder_version, policy_version
from plainly.kb.wording_file import read_wordings
from plainly.kb.yaml_reader import Entry, Node, Table, read_yaml
from plainly.model import Business, Clause, Fact, KnowledgeBase, Level, Place, Policy

_RULE_KEYS = ("parameters", "facts", "derived", "decisions")


@dataclass(frozen=True)
class Loaded:
    """What loading gives. `kb` is None when any problem is an error.

    `pages` are the website's pages that pages.yml lists; `lines` the lines of each file read.
    """

    kb: KnowledgeBase | None
    problems: tuple[Problem, ...]
    pages: tuple[str, ...] = ()
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def load(folder: Path) -> Loaded:
    """Reads a policy folder. Never raises for what is in it; collects every problem instead."""
    problems = Problems()
    files = read_folder(folder, problems)
    if files is None:
        return Loaded(None, problems.sorted())
    kb, pages = _Folder(files, problems).read()
    _drop_consequences(problems)
    return Loaded(None if problems.any_error else kb, problems.sorted(), pages, problems.lines)


def _drop_consequences(problems: Problems) -> None:
    """Where a file could not be read, names it declares are not unknown: they are unread."""
    if any(problem.code in UNREAD for problem in problems.found):
        problems.found = [problem for problem in problems.found if problem.code not in CONSEQUENCES]


class _Folder:
    def __init__(self, files: FolderFiles, problems: Problems) -> None:
        self.files = files
        self.problems = problems

    def read(self) -> tuple[KnowledgeBase | None, tuple[str, ...]]:
        root = {name: self.tree(source) for name, source in self.files.root.items()}
        business_node, glossary_node = root.get("business.yml"), root.get("glossary.yml")
        business = read_business(business_node, self.problems) if business_node else None
        glossary = read_glossary(glossary_node, self.problems) if glossary_node else {}
        pages_node = root.get("pages.yml")
        pages = read_pages(pages_node, self.problems) if pages_node else ()
        policies = [_PolicyReader(files, self) for files in self.files.policies]
        facts = self.facts(root.get("facts.yml"), policies, business)
        clauses = {policy.id: policy.clauses for policy in policies}
        read = {policy.id: policy.read(facts, clauses, business) for policy in policies}
        if business is None:
            return None, pages
        version = folder_version(self.files)
        return KnowledgeBase(version, business, read, facts, glossary), pages

    def facts(self, shared: Node | None, policies: list[_PolicyReader], business: Business | None) -> dict[str, Fact]:
        currency = business.currency if business else "GBP"
        entries = table_of(shared, self.problems, "facts.yml").entries if shared else ()
        groups = [read_facts(entries, "", self.problems, currency)]
        groups += [read_facts(policy.section("facts"), policy.id, self.problems, currency) for policy in policies]
        return join_facts(groups, self.problems)

    def tree(self, source: Source, text: str | None = None, first_line: int = 1) -> Node | None:
        """The YAML in a file, or in a part of it."""
        before = len(self.problems.found)
        node, flaws = read_yaml(source.text if text is None else text, source.path, first_line)
        for flaw in flaws:
            self.problems.error(flaw.place, flaw.code, flaw.message, flaw.fix)
        if node is None and len(self.problems.found) == before:
            self.problems.error(
                Place(source.path, first_line), "empty_file", "There is nothing here.", "Write something, or remove it."
            )
        return node


class _PolicyReader:
    """Reads one policy, in the order in which its parts refer to each other."""

    def __init__(self, files: PolicyFiles, folder: _Folder) -> None:
        self.files = files
        self.problems = folder.problems
        self.id = files.id
        self.trees = {name: folder.tree(source) for name, source in files.named.items() if name.endswith(".yml")}
        source = files.named["policy.md"]
        front, body, line = split_front_matter(source, self.problems)
        self.front = folder.tree(source, front, 2) if body or front else None
        path = source.path
        self.clauses = read_clauses(body, line, policy=self.id, path=path, problems=self.problems) if body else {}
        rules = self.trees.get("rules.yml")
        self.rules = table_of(rules, self.problems, "rules.yml") if rules else Table((), Place(""))
        for entry in self.rules.entries:
            if entry.key.value not in _RULE_KEYS:
                message = f'rules.yml has no section "{entry.key.value}".'
                self.problems.error(entry.key.place, "unknown_key", message, did_you_mean(entry.key.value, _RULE_KEYS))

    def section(self, name: str) -> tuple[Entry, ...]:
        node = next((entry.value for entry in self.rules.entries if entry.key.value == name), None)
        return table_of(node, self.problems, f'"{name}"').entries if node else ()

    def read(
        self, facts: Mapping[str, Fact], clauses: Mapping[str, Mapping[str, Clause]], business: Business | None
    ) -> Policy:
        currency = business.currency if business else "GBP"
        scope = Scope(self.id, self.problems, facts, clauses, currency)
        scope.parameters = read_parameters(self.section("parameters"), scope)
        read_derived(self.section("derived"), scope)
        self.check_names(scope)
        scope.alternatives = alternative_ids(self.front)
        scope.decisions = read_decisions(self.section("decisions"), scope)
        empty = Policy(self.id, "", "", "quoted", "", self.clauses)
        policy = read_front_matter(self.front, scope, business) if self.front else empty
        examples, history = self.trees.get("examples.yml"), self.trees.get("history.yml")
        asked = self.trees.get("asked.yml")
        policy = replace(
            policy,
            parameters=scope.parameters,
            facts={name: fact for name, fact in facts.items() if fact.policy == self.id},
            derived=scope.derived,
            decisions=scope.decisions,
            wordings=read_wordings(self.files.wording, scope),
            examples=read_examples(examples, scope) if examples else (),
            history=read_history(history, scope),
            asked=read_asked(asked, scope) if asked else {},
        )
        return replace(policy, level=_level(policy), version=policy_version(self.files, policy, facts))

    def check_names(self, scope: Scope) -> None:
        """A slot must mean one thing: facts, parameters and derived values share no name."""
        for name, parameter in scope.parameters.items():
            if name in scope.facts or name in scope.derived:
                message = f'"{name}" is a parameter and also a fact or a derived value.'
                self.problems.error(parameter.place, "duplicate_name", message, "Rename one of them.")
        for entry in self.section("derived"):
            if entry.key.value in scope.facts:
                message = f'"{entry.key.value}" is a derived value and also a fact.'
                self.problems.error(entry.key.place, "duplicate_name", message, "Rename one of them.")


def _level(policy: Policy) -> Level:
    if policy.decisions:
        return "decided"
    return "explained" if policy.summary else "quoted"


__all__ = ["Loaded", "load"]
