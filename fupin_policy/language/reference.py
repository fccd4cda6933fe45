"""The reference of the language, from the comments above the rules of grammar/expression.lark.

In: the grammar's text. Out: an entry for each documented rule, with examples in both languages.
Called by the documentation's generator and by tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from fupin_policy.language.keywords import grammar_text

_BLOCK = re.compile(r"((?:^// (?:zh: |en: |e\.g\. ).+\n)+)^([a-z_]+):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """What a rule means, in both languages, and examples as pairs of the same thing said in Chinese and English."""

    rule: str
    zh: str
    en: str
    examples: tuple[tuple[str, str], ...]


@cache
def entries() -> tuple[ReferenceEntry, ...]:
    """Every documented rule, in the order of the grammar."""
    return tuple(_entry(rule, block) for block, rule in _BLOCK.findall(grammar_text("expression")))


def _entry(rule: str, block: str) -> ReferenceEntry:
    lines = [line.removeprefix("// ") for line in block.splitlines()]
    return ReferenceEntry(
        rule,
        " ".join(line.removeprefix("zh: ") for line in lines if line.startswith("zh: ")),
        " ".join(line.removeprefix("en: ") for line in lines if line.startswith("en: ")),
        tuple(_example(line.removeprefix("e.g. ")) for line in lines if line.startswith("e.g. ")),
    )


def _example(line: str) -> tuple[str, str]:
    zh, en = line.split(" | ")
    return zh, en
