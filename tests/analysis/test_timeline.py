"""Timelines against every single day, and sums against their parts."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import policy, written
from text_files import write_files

from fupin_policy import InputError, Ruleset, load
from fupin_policy.analysis.payments import Payment, payments, total
from fupin_policy.analysis.timeline import Timeline, outcome, timeline
from fupin_policy.cli.main import main
from fupin_policy.core.days import to_date, to_day
from fupin_policy.testing import households, rulesets

SHIPPED = load()
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def period(data: st.DataObject, ruleset: Ruleset, days: int) -> tuple[int, int]:
    covers = ruleset.program.covers
    near = [to_day(edge) for edge in ruleset.breakpoints]
    first = data.draw(st.one_of(st.sampled_from(near), st.integers(covers.start, covers.end - 1)))
    first = max(covers.start, first - data.draw(st.integers(0, 40)))
    return first, min(covers.end - 1, first + data.draw(st.integers(0, days)))


def over(ruleset: Ruleset, household: dict[str, Any], first: int, last: int, assume: bool = True) -> Timeline:
    read, _ = ruleset.read(household, to_date(first), assume=assume)
    return timeline(ruleset, read, first, last)


def check_every_day(ruleset: Ruleset, household: dict[str, Any], first: int, last: int) -> None:
    found = over(ruleset, household, first, last)
    read, _ = ruleset.read(household, to_date(first))
    day = first
    for stretch in found.stretches:
        assert to_day(stretch.first) == day
        wanted = [outcome(one) for one in stretch.evaluation.decisions]
        for one in range(day, to_day(stretch.last) + 1):
            assert [outcome(decision) for decision in ruleset.decide(read, one).decisions] == wanted
        day = to_day(stretch.last) + 1
    assert day == last + 1
    pairs = zip(found.stretches, found.stretches[1:], strict=False)
    assert all(
        ([(outcome(d), d.assumed) for d in one.evaluation.decisions], one.evaluation.figures)
        != ([(outcome(d), d.assumed) for d in other.evaluation.decisions], other.evaluation.figures)
        for one, other in pairs
    )


class TestEveryDay:
    @SLOW
    @given(st.data())
    def test_on_the_shipped_rules(self, data: st.DataObject) -> None:
        first, last = period(data, SHIPPED, 400)
        household = data.draw(households(SHIPPED, to_date(first), known=data.draw(st.booleans())))
        check_every_day(SHIPPED, household, first, last)

    @SLOW
    @given(st.data())
    def test_on_random_rules(self, root: Path, data: st.DataObject) -> None:
        files = data.draw(rulesets())
        folder = root / str(abs(hash(tuple(sorted(files.items())))))
        folder.mkdir(exist_ok=True)
        write_files(folder, files)
        ruleset = load(folder, cache=False)
        first, last = period(data, ruleset, 120)
        check_every_day(ruleset, data.draw(households(ruleset, to_date(first))), first, last)


OLD_PERSON = {"id": "m1", "出生日期": "1960-02-29", "是否享受低保": "是"}
OLD: dict[str, Any] = {"id": "h", "脱贫属性": "未脱贫", "members": [OLD_PERSON]}


def test_a_birthday_on_29_february_is_completed_on_1_march_of_a_common_year() -> None:
    born = {**OLD, "members": [{**OLD_PERSON, "出生日期": "1940-02-29"}]}
    found = over(SHIPPED, born, to_day(date(2018, 6, 1)), to_day(date(2021, 12, 31)))
    days = {day for day, _, now in found.changes if now.policy == "elderly.old_age_allowance"}
    assert date(2020, 2, 29) in days
    found = over(SHIPPED, {**OLD, "members": [{**OLD_PERSON, "出生日期": "1959-02-28"}]}, *year(2019))
    assert date(2019, 2, 28) in {day for day, _, _ in found.changes}


def year(number: int) -> tuple[int, int]:
    return to_day(date(number, 1, 1)), to_day(date(number, 12, 31))


def test_days_are_not_tried_one_by_one() -> None:
    found = over(SHIPPED, OLD, to_day(date(2018, 1, 1)), to_day(date(2021, 12, 31)))
    assert found.looked < 100 and len(found.stretches) > 2


def owed(found: Timeline) -> tuple[Payment, ...]:
    return payments(found, SHIPPED.program)


class TestDues:
    def test_a_monthly_allowance(self) -> None:
        found = over(SHIPPED, OLD, *year(2020))
        rows = [due for due in owed(found) if due.policy == "elderly.old_age_allowance"]
        # sixty on 29 February 2020: due from March on
        assert [due.month for due in rows] == [f"2020-{month:02d}" for month in range(3, 13)]
        assert {(due.low, due.high) for due in rows} == {(8000, 8000)} and all(due.provisional for due in rows)

    @pytest.mark.long
    @SLOW
    @given(st.data())
    def test_the_whole_is_the_sum_of_years(self, data: st.DataObject) -> None:
        """What is paid once is due once in a period, and so is left out of this law."""
        household = data.draw(households(SHIPPED, date(2018, 1, 1), known=True))
        whole = over(SHIPPED, household, year(2018)[0], year(2020)[1])
        once = {
            decision.policy
            for stretch in whole.stretches
            for decision in stretch.evaluation.decisions
            if decision.amount is not None and decision.amount.per == "once"
        }

        def kept(rows: tuple[Payment, ...]) -> tuple[Payment, ...]:
            return tuple(due for due in rows if due.policy not in once)

        parts = [over(SHIPPED, household, *year(number)) for number in (2018, 2019, 2020)]
        sums = [total(kept(owed(part))) for part in parts]
        assert total(kept(owed(whole))) == (sum(low for low, _ in sums), sum(high for _, high in sums))

    @SLOW
    @given(st.data())
    def test_what_is_known_lies_within_what_is_not(self, data: st.DataObject) -> None:
        full = data.draw(households(SHIPPED, date(2018, 1, 1), known=True))
        names = sorted(key for key in full if key not in ("id", "members", "village"))
        hidden = data.draw(st.sets(st.sampled_from(names))) if names else set()
        less = {key: value for key, value in full.items() if key not in hidden}
        # what is assumed of a fact that is left out may be otherwise than it was
        exact, (low, high) = (total(owed(over(SHIPPED, one, *year(2019), assume=False))) for one in (full, less))
        assert low <= exact[0] and exact[1] <= high


def test_daily_sums_are_over_the_days_of_the_period() -> None:
    found = over(SHIPPED, OLD, to_day(date(2020, 3, 15)), to_day(date(2020, 3, 20)))
    assert sum((one.last - one.first + timedelta(days=1)).days for one in found.stretches) == 6


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "h.json"
    file.write_text(json.dumps(OLD, ensure_ascii=False), encoding="utf-8")
    asked = ["timeline", str(file), "--from", "2020-01-01", "--to", "2020-12-31"]
    assert main(asked) == 0
    shown = capsys.readouterr().out
    assert "2020-02-29  低保老年人高龄津贴" in shown and "合计" in shown
    assert main([*asked, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["max"] >= 80000
    assert main(["timeline", str(file), "--from", "2020-12-31", "--to", "2020-01-01"]) == 1
    assert "H072" in capsys.readouterr().err


@pytest.mark.fault("B16")
class TestDatesWithinThePeriod:
    """A date of the past that lies within the days asked about is not known on the days before it."""

    FACTS = (
        "- {name: reviewed, label: 上次复核日期, for: household, type: date, range: 2010-01-01.., past: true}\n"
        "- {name: poor, label: 困难, for: household, type: truth}\n"
    )
    HOUSEHOLD: ClassVar[dict[str, Any]] = {"id": "h", "上次复核日期": "2020-03-10", "困难": "是", "members": []}

    def ruleset(self, folder: Path, when: str) -> Ruleset:
        return written(folder, self.FACTS, policy(when))

    def test_before_it_the_decision_is_open(self, tmp_path: Path) -> None:
        ruleset = self.ruleset(tmp_path, "上次复核日期 + 1年 > 基准日 且 困难")
        read, _ = ruleset.read(self.HOUSEHOLD, "2020-12-31")
        first, last = to_day(date(2019, 6, 1)), to_day(date(2020, 12, 31))
        found = timeline(ruleset, read, first, last)
        assert [(one.first, one.evaluation["p.p"].status.value) for one in found.stretches] == [
            (date(2019, 6, 1), "unknown"),
            (date(2020, 3, 10), "eligible"),
        ]
        assert [(one.fact, one.member, one.since) for one in found.late] == [("reviewed", None, date(2020, 3, 10))]

    def test_what_does_not_rest_on_it_is_decided_all_along(self, tmp_path: Path) -> None:
        ruleset = self.ruleset(tmp_path, "困难 或 上次复核日期 > 2019-01-01")
        read, _ = ruleset.read(self.HOUSEHOLD, "2020-12-31")
        (only,) = timeline(ruleset, read, to_day(date(2019, 6, 1)), to_day(date(2020, 12, 31))).stretches
        assert only.evaluation["p.p"].status.value == "eligible"

    def test_it_is_sound_whatever_was_so_before(self, tmp_path: Path) -> None:
        """On each day before, the answer covers any earlier date."""
        ruleset = self.ruleset(tmp_path, "上次复核日期 + 1年 > 基准日 且 困难")
        read, _ = ruleset.read(self.HOUSEHOLD, "2020-12-31")
        (only,) = timeline(ruleset, read, to_day(date(2019, 6, 1)), to_day(date(2020, 3, 9))).stretches
        assert only.evaluation["p.p"].status.value == "unknown"
        earlier = {**self.HOUSEHOLD, "上次复核日期": "2012-01-01"}
        assert ruleset.evaluate(earlier, "2019-06-01")["p.p"].status.value == "ineligible"

    def test_a_decision_on_a_day_before_it_is_refused(self, tmp_path: Path) -> None:
        ruleset = self.ruleset(tmp_path, "困难")
        with pytest.raises(InputError, match="H028"):
            ruleset.evaluate(self.HOUSEHOLD, "2019-06-01")

    def test_the_command_says_so(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.ruleset(tmp_path, "困难 且 上次复核日期 > 2019-01-01")
        file = tmp_path / "h.json"
        file.write_text(json.dumps(self.HOUSEHOLD), encoding="utf-8")
        asked = ["timeline", str(file), "--ruleset", str(tmp_path), "--from", "2019-06-01", "--to", "2020-12-31"]
        assert main(asked) == 0
        assert "「上次复核日期」自 2020-03-10 起才有，此前按不知道处理" in capsys.readouterr().out
        assert main([*asked, "--lang", "en"]) == 0
        assert "reviewed is known from 2020-03-10 on; before, it is taken as not known" in capsys.readouterr().out
        assert main([*asked, "--format", "json"]) == 0
        (late,) = json.loads(capsys.readouterr().out)["known_from"]
        assert late == {"fact": "reviewed", "member": None, "from": "2020-03-10"}
