"""A line over each policy: how many examples pass, what none tries, and whom it reaches in an extract of a registry.

In: a ruleset as it stands in an editor. Out: places with texts, once they have been worked out in a process of its own.
Called by `showing_features` and `example_fixes`. While rules have errors the numbers of the last state without any
are shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.editor.outline import outline
from fupin_policy.editor.own_process import answered
from fupin_policy.editor.policy_counts import CountRequest, PolicyCount, PolicyCounts, UntriedPart
from fupin_policy.editor.snapshot import EditorFile, EditorSnapshot
from fupin_policy.files.bounded import RulesetFiles

PAUSE, MAX_SECONDS = 1.0, 120.0
"""Seconds without a change after which counting begins, and after which it is given up."""


@dataclass(frozen=True, slots=True)
class PolicyLens:
    """What is said of the policy that is named at an offset."""

    offset: int
    text: Bilingual


@dataclass(slots=True)
class PolicyLenses:
    """What was counted last of each ruleset; `counted` is called when there are new numbers."""

    counted: Callable[[], None]
    extract: tuple[Path, Path] | None = None
    """Tables of households and members; else those in the folder `demo` of a ruleset."""
    _counts: dict[Path, tuple[EditorSnapshot, PolicyCounts]] = field(default_factory=dict)
    """What was counted last, and of which state."""
    _asked: dict[Path, EditorSnapshot] = field(default_factory=dict)
    _tasks: dict[Path, asyncio.Task[None]] = field(default_factory=dict)

    def use_options(self, options: object) -> None:
        """Take the extract that initialization options name: `registry: {households: …, members: …}`."""
        given = options.get("registry") if isinstance(options, dict) else None
        if isinstance(given, dict) and {"households", "members"} <= set(given):
            self.extract = Path(str(given["households"])), Path(str(given["members"]))

    def of(self, snapshot: EditorSnapshot, file: EditorFile, files: Callable[[], RulesetFiles]) -> list[PolicyLens]:
        """What is known of the policies of a file; what is not known yet, or of an older state, is being counted."""
        self._renew(snapshot, files)
        known = self._counts.get(snapshot.folder)
        return [] if known is None else list(_lenses(file, known[1]))

    def untried(self, snapshot: EditorSnapshot, files: Callable[[], RulesetFiles]) -> list[UntriedPart]:
        """The parts that no example tries, as far as their files have not changed since they were counted."""
        self._renew(snapshot, files)
        known = self._counts.get(snapshot.folder)
        if known is None:
            return []
        then = {path: file.text for path, file in known[0].files.items()}
        same = {path for path, file in snapshot.files.items() if then.get(path) == file.text}
        return [one for one in known[1].parts if one.file in same]

    def _renew(self, snapshot: EditorSnapshot, files: Callable[[], RulesetFiles]) -> None:
        folder = snapshot.folder
        if snapshot.current and self._asked.get(folder) is not snapshot:
            self._asked[folder] = snapshot
            self.close(folder)
            self._tasks[folder] = asyncio.ensure_future(self._count(snapshot, files()))

    def close(self, folder: Path) -> None:
        """Count no further for a ruleset."""
        task = self._tasks.pop(folder, None)
        if task is not None:
            task.cancel()

    def close_all(self) -> None:
        """Count nothing any more."""
        for folder in list(self._tasks):
            self.close(folder)

    async def _count(self, snapshot: EditorSnapshot, files: RulesetFiles) -> None:
        await asyncio.sleep(PAUSE)
        request = CountRequest(files, self._extract_of(snapshot.folder), date.today())
        found = await answered("fupin_policy.editor.policy_counts", request, MAX_SECONDS)
        if found is not None:
            self._counts[snapshot.folder] = (snapshot, PolicyCounts.from_json(found))
            self.counted()

    def _extract_of(self, folder: Path) -> tuple[Path, Path] | None:
        beside = folder / "demo" / "households.csv", folder / "demo" / "members.csv"
        return self.extract or (beside if all(path.exists() for path in beside) else None)


def _lenses(file: EditorFile, counts: PolicyCounts) -> Iterator[PolicyLens]:
    for entry in outline(file):
        one = counts.policies.get(entry.detail or entry.label) if entry.section == "policies" else None
        if one is not None:
            yield PolicyLens(entry.span.start, said_of(one, counts))


def said_of(one: PolicyCount, counts: PolicyCounts) -> Bilingual:
    """The line over a policy."""
    parts = [_examples(one)]
    if one.examples:
        parts.append(_untried(one.untried))
    if counts.why_not is not None:
        zh, en = counts.why_not
        parts.append(Bilingual(f"户册读不了：{zh}", f"the registry cannot be read: {en}"))
    elif counts.households:
        parts.append(_reach(one, counts))
    return Bilingual(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))


def _examples(one: PolicyCount) -> Bilingual:
    if not one.examples:
        return Bilingual("没有例子", "no examples")
    passed = one.examples - one.failed
    return Bilingual(f"例子 {passed}/{one.examples} 通过", f"{passed}/{one.examples} examples pass")


def _untried(count: int) -> Bilingual:
    if not count:
        return Bilingual("每一部分都有例子", "every part is tried")
    return Bilingual(f"{count} 处没有例子试到", f"{count} parts untried")


def _reach(one: PolicyCount, counts: PolicyCounts) -> Bilingual:
    sample = counts.decided < counts.households
    zh = f"{'抽样 ' if sample else ''}{counts.decided} 户中 {one.households} 户适用"
    en = f"applies to {one.households} of {'a sample of ' if sample else ''}{counts.decided} households"
    if one.low is not None and one.high is not None:
        ends = dict.fromkeys(f"{Decimal(end).scaleb(-counts.decimals):,f}" for end in (one.low, one.high))
        money = "–".join(ends)
        zh += f"，{'一次' if one.once else '一年'} {money}"
        en += f", {money} {'once' if one.once else 'a year'}"
    return Bilingual(f"{zh}（{counts.as_of}）", f"{en} ({counts.as_of})")
