"""Who gains and loses between two rulesets, against every household evaluated by itself under both."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from fupin_policy import Ruleset, load
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.cli.main import main
from fupin_policy.core.benefits import sign
from fupin_policy.core.decision import Decision, Status
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.reports.comparison import Comparison, GroupChange, Side, compare
from fupin_policy.ruleset import SHIPPED

AS_OF = "2019-06-30"
EDITS = {
    "elderly": ("且 是否享受低保\n          且 年龄 >= 参数.低保老年人补贴起始年龄\n", "且 年龄 >= 65\n"),
    "subsistence": ("参数.农村低保标准 - 低保前人均收入", "参数.农村低保标准 + 100元 - 低保前人均收入"),
    "disability": ("重度残疾 且 非 由特困供养", "重度残疾"),
}


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited") / "rules"
    shutil.copytree(SHIPPED, folder)
    for name, (before, after) in EDITS.items():
        path = folder / "policies" / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def compared(folder: Path, before: Ruleset, after: Ruleset) -> Comparison:
    demo = SHIPPED / "demo"
    results = []
    for name, rules in (("before", before), ("after", after)):
        run(Job(rules, str(demo / "households.csv"), str(demo / "members.csv"), AS_OF, folder / name))
        results.append(Side(open_result(folder / name, rules), rules))
    return compare(results[0], results[1])


def households() -> list[dict[str, Any]]:
    demo = SHIPPED / "demo"
    found = read_extract(demo / "households.csv", demo / "members.csv", load().program, Reporter())
    return [dict(one) for one in found]


def parts(decision: Decision) -> dict[str, tuple[Status, int]]:
    """Who draws: each member of a member's policy, or the household itself."""
    if decision.members or decision.beneficiaries == ():
        found = {one.member: (one.status, 0 if one.amount is None else one.amount.low) for one in decision.members}
        if found:
            return found
    return {"": (decision.status, 0 if decision.amount is None else decision.amount.low)}


def test_against_each_household_by_itself(tmp_path: Path, edited: Path) -> None:
    before, after = load(), load(edited, cache=False)
    found = {change.name: change for change in compared(tmp_path, before, after).policies}
    gain: dict[str, set[str]] = defaultdict(set)
    lose: dict[str, set[str]] = defaultdict(set)
    more: dict[str, set[str]] = defaultdict(set)
    less: dict[str, set[str]] = defaultdict(set)
    due: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    nothing = (Status.INELIGIBLE, 0)
    for household in households():
        was, becomes = before.evaluate(household, AS_OF), after.evaluate(household, AS_OF)
        for old, new in zip(was.decisions, becomes.decisions, strict=True):
            one, other = parts(old), parts(new)
            for key in {*one, *other}:
                (a, paid), (b, pays) = one.get(key, nothing), other.get(key, nothing)
                sure, then = a is Status.ELIGIBLE, b is Status.ELIGIBLE
                title = new.title.zh
                sets = [(then and not sure, gain), (sure and not then, lose)]
                sets += [(sure and then and pays > paid, more), (sure and then and pays < paid, less)]
                for holds, counted in sets:
                    if holds:
                        counted[title].add(was.household)
                due[title][0] += paid if sure else 0
                due[title][1] += pays if then else 0
    changed = {title for title in {*gain, *lose, *more, *less} if gain[title] | lose[title] | more[title] | less[title]}
    assert changed and {name for name, change in found.items() if counted_of(change)} == changed
    for title in changed:
        change = found[title]
        sizes = tuple(len(counted[title]) for counted in (gain, lose, more, less))
        assert (change.gain, change.lose, change.more, change.less) == sizes
        if change.money:
            assert [sum(one[1] for one in change.money), sum(one[2] for one in change.money)] == due[title]


def counted_of(change: GroupChange) -> int:
    return change.gain + change.lose + change.more + change.less


def test_groups_add_up(tmp_path: Path, edited: Path) -> None:
    found = compared(tmp_path, load(), load(edited, cache=False))

    def change_of(changes: tuple[GroupChange, ...]) -> int:
        return sum(after - before for one in changes for _, before, after in one.money)

    assert change_of((found.total,)) == change_of(found.departments) == change_of(found.places) != 0
    kinds = {policy.title.zh: policy.versions[-1].benefit.kind for policy in load().policies}
    given = tuple(change for change in found.policies if sign(kinds[change.name]))
    assert change_of(given) == change_of((found.total,))


def test_nothing_changes_between_a_ruleset_and_itself(tmp_path: Path) -> None:
    found = compared(tmp_path, load(), load())
    assert (found.policies, found.departments, found.places) == ((), (), ()) and not found.total.changed


def test_the_command(tmp_path: Path, edited: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = [str(SHIPPED / "demo" / name) for name in ("households.csv", "members.csv")]
    page = tmp_path / "page.html"
    asked = ["diff", str(SHIPPED), str(edited), "--as-of", AS_OF, "--data", *tables]
    assert main([*asked, "-o", str(page)]) == 1
    shown = capsys.readouterr().out
    assert "低保老年人高龄津贴" in shown and "新增户" in shown and "gain" not in shown
    assert "<svg" in page.read_text(encoding="utf-8")
    assert main([*asked, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["policies"]
    assert main([*asked, "third.csv"]) == 2
