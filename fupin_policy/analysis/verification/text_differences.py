"""What is said of a policy besides its condition and amount, where it differs between two rulesets.

In: a policy in both. Out: `TextDifference`s. Called by `differences`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.policies import Policy, PolicyVersion
from fupin_policy.core.program import Program
from fupin_policy.prose.expressions import say
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.payments import payment_words
from fupin_policy.prose.statuses import FORCES


@dataclass(frozen=True, slots=True)
class TextDifference:
    """Something said of a policy that is no condition or amount: who answers, on what basis, paid how often."""

    what: Bilingual
    before: str
    after: str


def text_differences(first: Program, one: Policy, second: Program, other: Policy) -> Iterator[TextDifference]:
    """What is said of a policy besides, where it differs, version by version as they stand in time."""
    if one.title != other.title:
        yield TextDifference(Bilingual("名称", "title"), one.title.zh, other.title.zh)
    for (what, before), after in zip(_told(first, one).items(), _told(second, other).values(), strict=True):
        if before != after:
            yield TextDifference(what, before, after)


def _told(program: Program, policy: Policy) -> dict[Bilingual, str]:
    """By subject what each version says, the same once."""
    versions = policy.versions
    columns: dict[Bilingual, list[str]] = {
        Bilingual("对象", "for"): [policy.level],
        Bilingual("牵头部门", "lead"): [_bodies(program, version.lead) for version in versions],
        Bilingual("配合部门", "cooperating"): [_bodies(program, version.cooperating) for version in versions],
        Bilingual("由谁负责", "who answers"): [_defined(program, policy.answering)],
        Bilingual("职能", "function"): [version.function or "" for version in versions],
        Bilingual("依据", "basis"): [_clauses(version) for version in versions],
        Bilingual("待遇", "benefit"): [version.benefit.kind for version in versions],
        Bilingual("周期", "per"): [version.benefit.per or "" for version in versions],
        Bilingual("发放", "payment"): [payment_words(version).zh for version in versions],
        Bilingual("效力", "force"): [FORCES[version.force].said.zh for version in versions],
        Bilingual("办理", "how it is obtained"): [_obtained(program, version) for version in versions],
        Bilingual("面向", "audience"): [_audience(program, policy)],
        Bilingual("栏目", "section"): ["" if policy.section is None else policy.section.words.zh],
    }
    return {what: "；".join(dict.fromkeys(column)) for what, column in columns.items()}


def _clauses(version: PolicyVersion) -> str:
    return "、".join(f"{ref.source} {ref.clause}".strip() for ref in version.basis)


def _audience(program: Program, policy: Policy) -> str:
    """Whom it is shown to, and which households these are."""
    one = policy.audience
    return "" if one is None else f"{one.words.zh}（{_defined(program, one.definition)}）"


def _defined(program: Program, name: DefinitionId) -> str:
    """A definition in words, where there is one."""
    found = next((one for one in program.definitions if one.id == name), None)
    return "" if found is None else "；".join(say(expr, program, "zh") for _, expr in found.versions)


def _obtained(program: Program, version: PolicyVersion) -> str:
    if version.obtain is None:
        return ""
    where = version.obtain.where
    return obtain_words(version.obtain, None if where is None else program.departments[where].names[-1].name).zh


def _bodies(program: Program, ids: tuple[str, ...]) -> str:
    return "、".join(program.departments[name].names[-1].name.zh for name in ids)
