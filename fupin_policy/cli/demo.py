"""The demonstration: a registry extract in; one household on a screen, the departments' totals and a folder out.

In: a ruleset whose folder has `demo/households.csv`, `demo/members.csv` and tables of lists. Out: text, and what an
office is given.
Called by the command line.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from fupin_policy.core.benefits import PER, signed
from fupin_policy.core.bilingual import counted, pick
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Amount, Decision, Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Lang, Reporter
from fupin_policy.diagnostics.showing import in_columns
from fupin_policy.files.atomic import atomic_folder
from fupin_policy.intake.csv_extract import lists_beside, read_extract
from fupin_policy.prose.amounts import amount_words
from fupin_policy.prose.wording import in_brackets
from fupin_policy.ruleset import Ruleset

RESULT, SHEET, LISTS, PAGE, ONE = "results.parquet", "results.xlsx", "worklists", "summary.html", "household.json"
"""What stands in the folder."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A registry extract decided: its tables, each household as given, and its decisions on the date."""

    ruleset: Ruleset
    tables: tuple[Path, Path]
    as_of: str
    households: Sequence[Mapping[str, Any]]
    evaluations: Sequence[Evaluation]

    @classmethod
    def of(cls, ruleset: Ruleset, folder: Path, as_of: str) -> Demo:
        """Decide every household of the folder's extract; raises InputError with every problem found in it."""
        reporter = Reporter()
        tables = folder / "demo" / "households.csv", folder / "demo" / "members.csv"
        households = read_extract(*tables, ruleset.program, reporter)
        reporter.raise_errors(InputError)
        evaluations = [ruleset.evaluate(household, as_of) for household in households]
        return cls(ruleset, tables, as_of, households, evaluations)

    def text(self, lang: Lang) -> str:
        """The first household on a screen, then the totals of the departments."""
        if not self.evaluations:
            return "没有户 / no households"
        told = [self.ruleset.text(self.evaluations[0], lang), totals_text(self.evaluations, self.ruleset, lang)]
        return "\n\n".join(told)

    def commands(self, output: Path, folder: Path | None, lang: Lang) -> list[tuple[str, str, str]]:
        """What to try next with the first household, each command with what it does in both languages."""
        given = [str(output / ONE), "--as-of", self.as_of]
        rules = ["--ruleset", str(folder)] if folder is not None else []
        beside = [] if lang == "zh" else ["--lang", lang]
        until = (self.evaluations[0].as_of + timedelta(days=365)).isoformat()
        told = (
            (["explain", *given], "每项决定的理由", "why each decision"),
            (["timeline", given[0], "--from", self.as_of, "--to", until], "今后一年", "the year ahead"),
            (["interview", *given[1:]], "逐个提问，算一户", "one household, asked step by step"),
        )
        return [(shlex.join(["fupin", *words, *rules, *beside]), zh, en) for words, zh, en in told]

    def write(self, output: Path) -> None:
        """What an office is given of all households, and the first as a file: a folder that is whole or not there.

        Raises InputError where anything else stands there, OSError, and ModuleNotFoundError without the extra `batch`.
        """
        from fupin_policy.batch.evaluate import BatchRequest
        from fupin_policy.batch.results import open_result
        from fupin_policy.batch.run import Job, run
        from fupin_policy.reports.summary import summarize
        from fupin_policy.reports.summary_page import as_html
        from fupin_policy.reports.worklist import write_worklists

        rules = self.ruleset
        with atomic_folder(output) as aside:
            households, members = map(str, self.tables)
            lists = tuple((one.name, str(path)) for one, path in lists_beside(self.tables[0], rules.program))
            asked = BatchRequest(missing=True)
            for name in (RESULT, SHEET):
                run(Job(rules, households, members, self.as_of, aside / name, asked=asked, lists=lists))
            found = open_result(aside / RESULT, rules)
            write_worklists(found, rules, aside / LISTS)
            page = as_html(summarize([found], rules), rules.program)
            (aside / PAGE).write_text(page, encoding="utf-8")
            one = json.dumps(self.households[0], ensure_ascii=False, indent=1)
            (aside / ONE).write_text(f"{one}\n", encoding="utf-8")


def written_text(output: Path, lang: Lang) -> str:
    """What stands in the folder."""
    told = {
        RESULT: ("全部决定，程序用", "all decisions, for programs"),
        SHEET: ("全部决定，表格", "all decisions, for people"),
        LISTS: ("各部门、各镇街的名单", "lists for each department and town"),
        PAGE: ("户数、人数、金额", "households, persons and money"),
        ONE: ("上面这一户的资料", "the household above, as given"),
    }
    rows = [(f"{output / name}", zh if lang == "zh" else en) for name, (zh, en) in told.items()]
    return "\n".join(["写下了" if lang == "zh" else "written", *(f"  {line}" for line in in_columns(rows))])


def commands_text(commands: Iterable[tuple[str, str, str]], lang: Lang) -> str:
    """What to try next: commands, each with what it does in both languages."""
    rows = [(command, zh if lang == "zh" else en) for command, zh, en in commands]
    return "\n".join(["接着试试" if lang == "zh" else "try next", *(f"  {line}" for line in in_columns(rows))])


def totals_text(evaluations: Sequence[Evaluation], ruleset: Ruleset, lang: Lang) -> str:
    """By lead department: households, persons, what is open, money by period and what of it is provisional.

    Money is net: what people pay themselves is taken off, loans are left out.
    """
    granted: dict[str, list[tuple[str, Decision]]] = {}
    for evaluation in evaluations:
        for decision in evaluation.decisions:
            if decision.status is not Status.INELIGIBLE:
                for body in (decision.lead or decision.possible_lead)[:1]:
                    granted.setdefault(pick(body, lang), []).append((evaluation.household, decision))
    title = (
        f"{len(evaluations)} 户，各牵头部门合计"
        if lang == "zh"
        else f"{counted(len(evaluations), 'household')} by lead department"
    )
    day = to_day(evaluations[0].as_of) if evaluations else 0
    signs = {policy.id: policy.sign_on(day) for policy in ruleset.policies}
    zh, en = ("牵头部门", "户", "人", "待定", "金额"), ("lead department", "households", "persons", "open", "money")
    rows = [list(zh if lang == "zh" else en)]
    rows += [_department(name, granted[name], signs, ruleset.program, lang) for name in sorted(granted)]
    return "\n".join([title, *(f"  {line}" for line in in_columns(rows))])


def _department(
    body: str, found: list[tuple[str, Decision]], signs: Mapping[str, int], program: Program, lang: Lang
) -> list[str]:
    sure = [(household, decision) for household, decision in found if decision.status is Status.ELIGIBLE]
    households = len({household for household, _ in sure})
    persons = len({(household, person) for household, decision in sure for person in decision.beneficiaries})
    open_ = sum(decision.status is Status.UNKNOWN for _, decision in found)
    counts = [str(count) for count in (households, persons, open_)]
    paid = [(decision, signs[decision.policy]) for _, decision in sure if signs[decision.policy]]
    return [body, *counts, ("，" if lang == "zh" else ", ").join(_money(paid, program, lang))]


def _money(sure: Iterable[tuple[Decision, int]], program: Program, lang: Lang) -> Iterator[str]:
    """A text a period, net; an amount that is a range counts with both ends."""
    sums: dict[str, tuple[Amount, list[tuple[int, int, int]]]] = {}
    for decision, way in sure:
        if (amount := decision.amount) is not None:
            low, high = signed((amount.low, amount.high), way)
            sums.setdefault(amount.per, (amount, []))[1].append((low, high, high if decision.provisional else 0))
    for per in PER:
        if per in sums:
            amount, parts = sums[per]
            low, high, unsure = (sum(column) for column in zip(*parts, strict=True))
            note = "暂定" if lang == "zh" else "provisional"
            if unsure != high:
                note = f"{'其中暂定' if lang == 'zh' else 'of which provisional'} {amount.text(unsure)}"
            told = amount_words(amount._replace(low=low, high=high), program, lang)
            yield told + (in_brackets(note, lang) if unsure else "")
