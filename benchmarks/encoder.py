"""How fast the sentence encoder is, alone."""

from __future__ import annotations

import time

from benchmarks.report import Options, Section, spread
from encoder import SentenceEncoder
from tests.steadfast.material import cases


def run(options: Options) -> Section:
    encoder = SentenceEncoder()
    texts = [text for case in cases() for text in case.paraphrases][: 60 if options.quick else 300]
    encoder.encode(texts[:5])
    single = []
    for text in texts:
        begin = time.perf_counter()
        encoder.encode([f"{text} "])
        single.append(time.perf_counter() - begin)
    begin = time.perf_counter()
    encoder.encode([f"{text}  " for text in texts])
    batch = len(texts) / (time.perf_counter() - begin)
    section = Section("Sentence encoder")
    section.table(
        ("texts", "one by one: median", "95 %", "in one go"), [(len(texts), *spread(single), f"{batch:.0f} a second")]
    )
    return section.add("all-MiniLM-L6-v2 on one thread.")
