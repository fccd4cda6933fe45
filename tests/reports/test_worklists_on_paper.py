"""Lists that are printed: a row a household, what is asked with its choices, and on how many pages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from demo_result import RULESET, rows_of
from demo_result import evaluations as evaluations
from demo_result import lists as lists
from demo_result import result as result
from one_town import TOWN, one_town

from fupin_policy import Evaluation
from fupin_policy.core.benefits import sign
from fupin_policy.core.decision import Status
from fupin_policy.prose.audiences import own_and_others
from fupin_policy.reports.worklist import EVERY, write_worklists


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A sheet that is printed, with what a page holds."""

    sheet: Any

    @classmethod
    def all(cls, folder: Path) -> list[OnPaper]:
        books = (openpyxl.load_workbook(path) for path in sorted((folder / EVERY).glob("*.xlsx")))
        return [cls(one) for book in books for one in book if one.sheet_state == "visible" and one.title != "政策"]

    def scale(self) -> float:
        """How much smaller it is printed than it is; a page is A4 across, less its margins, in points."""
        shown = [one for one in self.sheet.column_dimensions.values() if not one.hidden]
        points = float(sum(one.width * (one.max - one.min + 1) for one in shown)) * 7 * 0.75
        return min(1.0, (842 - 0.5 * 72) / points)

    def pages(self) -> int:
        """How many pages it takes: rows do not go on to the next, and what is repeated stands on each."""
        heights = [self.sheet.row_dimensions[row].height or 15 for row in range(1, self.sheet.max_row + 1)]
        first, _ = (int(row) for row in self.sheet.print_title_rows.replace("$", "").split(":"))
        repeated, whole = sum(heights[first - 1 : 3]), (595 - 0.75 * 72) / self.scale()
        pages, used = 1, float(sum(heights[:3]))
        for one in heights[3:]:
            if used + one > whole:
                pages, used = pages + 1, repeated
            used += one
        return pages


class TestPaper:
    """What is printed, ticked off and filed."""

    def test_a_household_has_one_row_with_the_sums_of_what_it_is_entitled_to(
        self, lists: Path, evaluations: list[Evaluation]
    ) -> None:
        ways = {policy.id: sign(policy.versions[0].benefit.kind) for policy in RULESET.policies}
        wanted: dict[tuple[str, str], Decimal] = {}
        for one in evaluations:
            for decision in own_and_others(one.eligible)[0]:
                granted = decision.amount if decision.force == "entitlement" and decision.lead else None
                if granted is not None and ways[decision.policy]:
                    key = (
                        one.household,
                        {"month": "每月（元）", "year": "每年（元）", "once": "一次（元）"}[granted.per],
                    )
                    added = Decimal(granted.low * ways[decision.policy]).scaleb(-2)
                    wanted[key] = wanted.get(key, Decimal(0)) + added
        found, seen = dict[tuple[str, str], Decimal](), list[str]()
        for path in sorted((lists / EVERY).glob("*.xlsx")):
            for _, row in rows_of(path, "应享待办"):
                seen.append(str(row["户编号"]))
                told = {
                    name: row[name] for name in ("每月（元）", "每年（元）", "一次（元）") if row.get(name) is not None
                }
                found |= {(seen[-1], name): Decimal(str(value)) for name, value in told.items()}
        assert found == wanted and len(seen) == len(set(seen))

    def test_sums_are_numbers_and_follow_the_filters(self, lists: Path) -> None:
        for one in OnPaper.all(lists):
            if one.sheet.title == "应享待办":
                last = one.sheet.max_row
                sums = [cell for cell in one.sheet[last] if str(cell.value).startswith("=SUBTOTAL(109,")]
                assert one.sheet.cell(last, 1).value == "合计" and sums
                for total in sums:
                    column = [one.sheet.cell(row, total.column) for row in range(4, last)]
                    assert {type(cell.value) for cell in column} <= {int, float, type(None)}
                    assert {cell.number_format for cell in [*column, total]} == {"#,##0.00"}
                    assert str(total.value).endswith(f"{total.column_letter}4:{total.column_letter}{last - 1})")

    def test_what_is_to_be_asked_stands_once_with_its_choices(self, lists: Path, evaluations: list[Evaluation]) -> None:
        wanted = {
            (one.household, missing.label)
            for one in evaluations
            for decision in one.decisions
            if decision.status is not Status.INELIGIBLE and decision.lead
            for missing in decision.missing
            if missing.parameter is None
        }
        found, facts = set[tuple[str, str]](), {fact.label: fact for fact in RULESET.facts}
        for path in sorted((lists / EVERY).glob("*.xlsx")):
            sheet = openpyxl.load_workbook(path)["上门核实"]
            names = [cell.value for cell in sheet[3]]
            at = names.index("答") + 1
            listed = {cell for one in sheet.data_validations.dataValidation for cell in str(one.sqref).split()}
            for number, (_, row) in enumerate(rows_of(path, "上门核实"), 4):
                found.add((str(row["户编号"]), str(row["要问的事项"])))
                assert row["问清后可定"] and row["答"] is None
                chosen = facts[str(row["要问的事项"])].kind in ("truth", "code", "codes")
                assert (f"{sheet.cell(number, at).coordinate}" in listed) == chosen
        assert found == wanted and found

    def test_pages_are_across_one_wide_with_headings_and_numbers(self, lists: Path) -> None:
        for one in OnPaper.all(lists):
            sheet = one.sheet
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
            assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what is meant where nothing is said
            assert sheet.print_title_rows == "$3:$3" and sheet.freeze_panes == "A4"
            assert sheet.title in str(sheet.oddHeader.left.text) and "&P" in str(sheet.oddFooter.center.text)
            assert sheet.auto_filter.ref.startswith("A3:")

    def test_a_town_of_two_hundred_prints_on_fewer_than_twelve_pages(self, tmp_path: Path) -> None:
        write_worklists(one_town(tmp_path, 200), RULESET, tmp_path / "lists")
        (book,) = (tmp_path / "lists" / EVERY).glob("*.xlsx")
        printed = {one.sheet.title: one for one in OnPaper.all(tmp_path / "lists")}
        assert printed["应享待办"].sheet.max_row > 180 and book.stem == TOWN
        policies = openpyxl.load_workbook(book)["政策"]
        pages = {title: one.pages() for title, one in printed.items()}
        assert sum(pages.values()) + -(-policies.max_row // 40) < 12
        letters = {title: one.scale() * one.sheet["B4"].font.sz for title, one in printed.items()}
        assert letters.pop("应享待办") > 6.7 and min(letters.values()) > 7.9

    def test_a_long_list_without_letters_repeats_nothing(self, tmp_path: Path) -> None:
        """A list without letters leaves out the upper ends that few have, and names that stand there already."""
        write_worklists(one_town(tmp_path, 200), RULESET, tmp_path / "lists")
        book = openpyxl.load_workbook(tmp_path / "lists" / "市民政局" / f"{TOWN}.xlsx")
        lists = [OnPaper(one) for one in book if one.sheet_state == "visible" and one.title != "政策"]
        assert sum(one.pages() for one in lists) <= 12 and all(one.scale() > 0.99 for one in lists)
        heads = [cell.value for cell in book["应享待办"][3]]
        assert "每年（元）" in heads and "每年（元）至" not in heads and "至" in str(book["应享待办"]["A2"].value)
        for row in book["应享待办"].iter_rows(min_row=4, values_only=True):
            said = dict(zip(heads, row, strict=False))
            assert said["为谁"] != f"①{said['姓名']}"

    def test_letters_of_a_long_list_are_explained_on_each_page(self, tmp_path: Path) -> None:
        write_worklists(one_town(tmp_path, 80), RULESET, tmp_path / "lists")
        sheet = openpyxl.load_workbook(tmp_path / "lists" / EVERY / f"{TOWN}.xlsx")["应享待办"]
        legend = str(sheet["A2"].value).partition("简写：")[2].partition("；")[0]
        said = {title: letter for letter, title in (one.split(" ", 1) for one in legend.split("，"))}
        titles = {policy.title.zh for policy in RULESET.policies}
        assert len(said) > 10 and set(said) <= titles and sheet.print_title_rows == "$2:$3"
        names = [cell.value for cell in sheet[3]]
        told = " ".join(str(row[names.index("应享受的")]) for row in sheet.iter_rows(min_row=4, values_only=True))
        assert not any(title in told for title in said) and all(letter in told for letter in said.values())
