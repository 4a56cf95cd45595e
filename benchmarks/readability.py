"""How every reply that can be rendered reads, and whether the checker is content with the folder."""

from __future__ import annotations

from statistics import mean, median

from benchmarks.report import Options, Section, percent
from plainly.check import check
from plainly.check.readability import read
from plainly.check.replies import HARDEST, every_reply
from plainly.check.speaker import Speaker
from plainly.check.words import words_in
from plainly.kb import load
from plainly.run import ROOT
from tests.steadfast.material import NOW

FOLDER = ROOT / "policies_kb"


def run(options: Options) -> Section:
    kb = load(FOLDER).kb
    if kb is None:
        return Section("Readability").add("The policy folder does not load; see `plainly check`.")
    speaker = Speaker(kb)
    told = [
        reply
        for policy in kb.policies.values()
        for table in policy.decisions.values()
        for reply in every_reply(table, policy, kb, speaker)
    ]
    grades = sorted(read(reply.text).grade for reply in told)
    lengths = sorted(len(words_in(reply.text)) for reply in told)
    report = check(FOLDER, NOW.date())
    easy = sum(grade <= HARDEST for grade in grades)
    section = Section("Readability of replies")
    section.table(
        ("replies", "mean grade", "hardest", f"at grade {HARDEST:.0f} or below", "median words", "longest"),
        [
            (
                len(told),
                f"{mean(grades):.1f}",
                f"{grades[-1]:.1f}",
                percent(easy, len(told)),
                median(lengths),
                lengths[-1],
            )
        ],
    )
    return section.add(
        f"{report.policies} policies, {report.decisions} decisions, {report.examples} worked examples, "
        f"{report.errors} errors found by `plainly check`."
    )
