"""What became of each clause of a source, and whether the register still fits the text.

In: a program; the text of a source. Out: `ClauseAccount`s; clauses that differ. Called by the command line and pages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fupin_policy.core.json_data import json_parts
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Clause, ClauseRef, Target

ARTICLE = re.compile(r"(\d+)\.\s*\D")
"""How the first paragraph of an article begins."""
HEADING = re.compile(r"[一二三四五六七八九十]+、")


@dataclass(frozen=True, slots=True)
class ClauseAccount:
    """A clause, and the ids of the policies, targets, duties and parameters that rest on it."""

    clause: Clause
    policies: tuple[str, ...]
    targets: tuple[str, ...]
    duties: tuple[str, ...]
    parameters: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The account as plain data."""
        clause = self.clause
        return {
            "source": clause.source,
            "clause": clause.id,
            "summary": clause.summary.zh,
            **json_parts(clause, "lead", "cooperating"),
            **json_parts(self, "policies", "targets", "duties", "parameters"),
            "nothing": None if clause.nothing is None else clause.nothing.zh,
        }

    @property
    def accounted(self) -> bool:
        """Whether something encodes the clause, or the register says why nothing does."""
        return bool(self.policies or self.targets or self.duties or self.parameters or self.clause.nothing)


def accounts(program: Program) -> tuple[ClauseAccount, ...]:
    """What became of every registered clause, in the order of the registers."""
    policies = {p.id: tuple(ref for version in p.versions for ref in version.basis) for p in every_policy(program)}
    targets = {target.id: target.basis for target in every_target(program)}
    duties = {duty.id: duty.basis for duty in program.duties}
    parameters = {p.name: tuple(value.basis for value in p.values) for p in program.parameters.values() if p.of is None}

    def account(clause: Clause) -> ClauseAccount:
        ref = ClauseRef(clause.source, clause.id)
        kinds = (policies, targets, duties, parameters)
        return ClauseAccount(clause, *(tuple(name for name, refs in kind.items() if ref in refs) for kind in kinds))

    return tuple(account(clause) for source in program.sources.values() for clause in source.clauses.values())


def every_policy(program: Program) -> tuple[Policy, ...]:
    """The policies of households, members and places."""
    return (*program.policies, *(policy for place in program.by_place.values() for policy in place.policies))


def every_target(program: Program) -> tuple[Target, ...]:
    """The targets of every kind of place."""
    return tuple(target for place in program.by_place.values() for target in place.targets)


def paragraphs(text: str) -> dict[str, str]:
    """The paragraphs of a document by `article.paragraph`: an article begins with its number and a dot.

    What stands before the first article, and headings (`一、`), belong to none.
    """
    found: dict[str, str] = {}
    article = count = 0
    for line in (line.strip() for line in text.splitlines()):
        if not line or HEADING.match(line):
            continue
        start = ARTICLE.match(line)
        if start is not None and int(start.group(1)) == article + 1:
            article, count = article + 1, 0
        if article:
            count += 1
            found[f"{article}.{count}"] = line
    return found


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A clause whose text is not that of the register: `changed`, `absent` from the text, or `unregistered`."""

    clause: str
    kind: str


def compare(clauses: Mapping[str, Clause], text: str) -> tuple[Mismatch, ...]:
    """Where a text differs from a register's digests (SHA-256 of each paragraph, stripped, UTF-8)."""
    found = paragraphs(text)
    mismatches = []
    for name, clause in clauses.items():
        if name not in found:
            mismatches.append(Mismatch(name, "absent"))
        elif clause.digest is not None and clause.digest != digest(found[name]):
            mismatches.append(Mismatch(name, "changed"))
    return (*mismatches, *(Mismatch(name, "unregistered") for name in found if name not in clauses))


def digest(paragraph: str) -> str:
    """`sha256:…` of a paragraph."""
    return f"sha256:{hashlib.sha256(paragraph.strip().encode()).hexdigest()}"
