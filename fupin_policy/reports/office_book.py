"""The workbook of an office: lists that are printed first, then each decision in hidden sheets, and its policies.

In: an office's rows and a workbook that is open. Out: its sheets. Called by `worklist`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fupin_policy.batch.change_lists import NOWHERE
from fupin_policy.batch.figure_columns import name_of
from fupin_policy.batch.results import RunResult
from fupin_policy.batch.row_codes import SIGNED, TICK, BookIdentity
from fupin_policy.batch.sql import identifier
from fupin_policy.batch.table_files import write_rows
from fupin_policy.core.benefits import PER, signed
from fupin_policy.core.decision import Status
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.prose.statuses import FORCES, STATUSES
from fupin_policy.reports.change_list import change_list
from fupin_policy.reports.household_list import LEGEND, household_list
from fupin_policy.reports.household_list import TITLE as FIRST
from fupin_policy.reports.masking import mask
from fupin_policy.reports.office_rows import EXTRA, Office, OfficeRows
from fupin_policy.reports.paper_sheet import Paper, PaperBook, PaperRow, on_paper
from fupin_policy.reports.paper_widths import FONT, PaperColumn, height, page_widths
from fupin_policy.reports.visit_list import visit_list


def _sheets(office: Office) -> Iterator[tuple[Status, str, list[str]]]:
    """Sheets of decisions: their status, the title and the policies. What is no entitlement stands apart."""
    for force, words in FORCES.items():
        policies = [id_ for id_, one in office.policies.items() if one.force == force]
        if policies or force == "entitlement":
            yield Status.ELIGIBLE, words.sheet, policies
    yield Status.UNKNOWN, STATUSES[Status.UNKNOWN].sheet, list(office.policies)


_HEAD = ("户编号", "成员编号", "政策", "金额", "金额至", "周期", "含暂定数额", "待核实的事项", "条款")


def _extra(result: RunResult) -> list[str]:
    """The lists that the results of some rules have: who benefits, what is assumed."""
    return [name for name in EXTRA if name in result.columns]


def _shown(name: str) -> str:
    """A further column as SQL: what a figure rests on, which is a list, as one text."""
    column = identifier(name)
    return f"array_to_string({column}, '、')" if name.startswith("figure.") and name.endswith(".assumed") else column


@dataclass(frozen=True, slots=True)
class OfficeBook:
    """The workbook of an office while it is written."""

    rows: OfficeRows
    book: Any

    def write(self) -> int:
        """Write all sheets; how many rows there are, but for those of the policies and those that stand twice.

        Each decision counts once, and each thing that falls due or is in doubt; none for all departments together.
        """
        rows, columns = self.rows, self.rows.columns
        day, paper = f"基准日 {rows.result.as_of.isoformat()}", PaperBook(self.book, self._origin())
        details = "" if rows.office.whole else f"逐项的金额、条款在隐藏的工作表“{'”“'.join(self._details())}”"
        self._paper(paper, day, *household_list(rows, details))
        self._paper(paper, day, *visit_list(rows, details))
        count = 0
        if columns.due:
            count += self._paper(paper, f"{rows.result.as_of:%Y-%m}", *self._due())
        if rows.result.changes is not None and (since := rows.result.since) is not None:
            count += self._paper(paper, f"{since.isoformat()} 以来，{day}", *change_list(rows))
        if columns.checks:
            count += self._paper(paper, day, *self._doubts())
        self._policies()
        if rows.office.whole:
            paper.finish()
            return 0
        shown = len(self.book.worksheets())
        for status, title, some in _sheets(rows.office):
            count += self._sheet(title, day, self._rows(status, some))
        for sheet in self.book.worksheets()[shown:]:
            sheet.hide()
        paper.finish()
        return count

    def _details(self) -> Iterator[str]:
        return (title for _, title, _ in _sheets(self.rows.office))

    def _origin(self) -> BookIdentity:
        program, office = self.rows.columns.program, self.rows.office
        place = NOWHERE if office.place is None else office.place
        seal = self.rows.columns.seal
        mark = "" if seal is None else seal.mark
        return BookIdentity(program.id, program.digest, self.rows.result.as_of, f"{office.department} {place}", mark)

    def _heading(self, title: str, when: str) -> str:
        place = NOWHERE if self.rows.office.place is None else self.rows.office.place
        return f"{self.rows.office.department}  {place}  {title}  {when}{self.rows.columns.trial}"

    def _masked(self, cells: Iterable[Any]) -> list[Any]:
        """Cells in which the numbers of persons show their ends only, where that is asked for."""
        masked = self.rows.columns.seal is not None
        return [mask(cell) if masked and isinstance(cell, str) else cell for cell in cells]

    def _paper(
        self,
        paper: PaperBook,
        when: str,
        title: str,
        notes: Sequence[str],
        columns: Sequence[PaperColumn],
        rows: Iterable[PaperRow],
    ) -> int:
        """Write a list that is printed."""
        told, legend = [one for one in notes if one], any(one.startswith(LEGEND) for one in notes)
        shown = (replace(row, cells=self._masked(row.cells)) for row in rows)
        return paper.write(Paper(title, self._heading(title, when), told, columns, title == FIRST, legend), shown)

    def _policies(self) -> None:
        policies = self.rows.office.policies
        ways = ["办理"] if any(one.obtain for one in policies.values()) else []
        listed = sorted(policies.items(), key=lambda one: (one[1].section == "", one[1].section))
        head = ["编号", "政策", "条款", "配合部门", *ways]
        basis = [[id_, one.title, one.clauses, one.cooperating, *([one.obtain] if ways else [])] for id_, one in listed]
        write_rows(self.book, "政策", [head], basis)
        sheet = self.book.worksheets()[-1]
        form = self.book.add_format({"font_size": FONT, "text_wrap": True, "valign": "top", "border": 1})
        widths = page_widths([PaperColumn(name, 20, flowing=True) for name in head], basis)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width, form)
        for number, cells in enumerate(basis, 1):
            sheet.set_row(number, height(widths, cells))
        on_paper(sheet)
        sheet.repeat_rows(0)

    def _sheet(self, title: str, when: str, rows: Iterable[list[Any]]) -> int:
        """Write a sheet of decisions one by one."""
        names = (EXTRA[name] for name in _extra(self.rows.result))
        head = [*_HEAD, *names, *self.rows.columns.headings]
        return write_rows(self.book, title, [[self._heading(title, when)], head], map(self._masked, rows))

    def _rows(self, status: Status, policies: list[str]) -> Iterator[list[Any]]:
        names = ["household", "member", "policy", "title", "amount_min", "amount_max", "per", "provisional"]
        missing = "array_to_string(missing, '、')" if "missing" in self.rows.result.columns else "NULL"
        lists = [f"array_to_string({name}, '、')" for name in _extra(self.rows.result)]
        columns = [*map(identifier, names), missing, *lists, *map(_shown, self.rows.columns.kept)]
        found = self.rows.found(columns, policies, "status = ?", [status.value], "household, policy, member")
        for household, member, policy, title, low, high, per, provisional, asked, *rest in found:
            listed = self.rows.office.policies[policy]
            period = PER[per].zh if per else None
            low, high = signed((low, high), -1) if listed.way < 0 and low is not None else (low, high)
            ends = [None if end is None else Decimal(end).scaleb(-self.rows.columns.decimals) for end in (low, high)]
            flag = "是" if provisional else None
            kept = (cell.isoformat() if isinstance(cell, date) else cell for cell in rest)
            yield [household, member, title, *ends, period, flag, asked, listed.clauses, *kept]

    def _not_told(self, figures: Iterable[FigureDecl]) -> str:
        """What of all that falls due, or is in doubt, stands in no row of the result, and so not in the sheet."""
        said, of_members = "只含有符合或待核实的政策的户", self.rows.columns.of_members
        if any(one.level == "member" for one in figures) and not of_members.intersection(self.rows.office.policies):
            said += "；这里没有成员的政策，不含成员的事项"
        return said

    def _listed(self, *own: PaperColumn) -> list[PaperColumn]:
        """Columns of a list: the household and member first, then what is its own, then what is ticked and signed."""
        whose = [PaperColumn("户编号", 12, known=True), PaperColumn("成员编号", 16, known=True, flowing=True)]
        return [*self.rows.people_columns(), *whose, *own, PaperColumn(TICK, 2), PaperColumn(SIGNED, 13)]

    def _row(self, whose: Sequence[Any], subject: str, *cells: Any) -> PaperRow:
        """A row of such a list."""
        household, member = whose[-2:]
        key = self.rows.key(household, subject, member)
        return PaperRow([*whose, subject, *cells, TICK, None], key=key)

    def _due(self) -> tuple[str, list[str], list[PaperColumn], list[PaperRow]]:
        """What falls due, or may, in the month of the result."""
        first = self.rows.result.as_of.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        listed = []
        for figure in self.rows.columns.due:
            low, high = (identifier(f"{name_of(figure)}.{end}") for end in ("min", "max"))
            found = self.rows.once(figure, (low, high), f"{low} <= ? AND {high} >= ?", last, first)
            for *whose, start, end in found:
                until = None if end == start else end.isoformat()
                listed.append(self._row(whose, figure.words.zh, start.isoformat(), until))
        columns = self._listed(
            PaperColumn("事项", 40, known=True, flowing=True), PaperColumn("到期日", 9.5), PaperColumn("到期日至", 9.5)
        )
        return "本月到期", [self._not_told(self.rows.columns.due)], columns, listed

    def _doubts(self) -> tuple[str, list[str], list[PaperColumn], list[PaperRow]]:
        """The checks of data that do not hold."""
        listed = []
        for figure, check in self.rows.columns.checks:
            for whose in self.rows.once(figure, (), f"NOT {identifier(name_of(figure))}"):
                listed.append(self._row(whose, figure.words.zh, check.words.zh))
        columns = self._listed(PaperColumn("核对", 30, known=True, flowing=True), PaperColumn("说明", 60, flowing=True))
        told = self._not_told(figure for figure, _ in self.rows.columns.checks)
        return "数据疑点", [told], columns, listed
