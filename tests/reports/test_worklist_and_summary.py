"""Worklists and summaries hold what the households were each decided to be entitled to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from one_town import TOWN, one_town

from fupin_policy import Evaluation, InputError, load
from fupin_policy.batch.change_lists import NOWHERE
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import RunResult, intact, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.core.benefits import sign
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import Reporter
from fupin_policy.files.atomic import marked
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.prose.audiences import own_and_others
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.masking import mask
from fupin_policy.reports.summary import Summary, summarize
from fupin_policy.reports.summary_page import as_html
from fupin_policy.reports.summary_text import as_text
from fupin_policy.reports.worklist import EVERY, write_worklists
from fupin_policy.ruleset import SHIPPED

RULESET = load()
AS_OF = "2019-06-30"
DEMO = SHIPPED / "demo"
DETAILS = {*(words.sheet for words in FORCES.values()), "待核实"}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    output = tmp_path_factory.mktemp("run") / "out.parquet"
    own, inner = (str(DEMO / name) for name in ("households.csv", "members.csv"))
    run(Job(RULESET, own, inner, AS_OF, output, asked=BatchRequest(missing=True)))
    return open_result(output, RULESET)


@pytest.fixture(scope="module")
def evaluations() -> list[Evaluation]:
    households = read_extract(DEMO / "households.csv", DEMO / "members.csv", RULESET.program, Reporter())
    return [RULESET.evaluate(one, AS_OF) for one in households]


@pytest.fixture(scope="module")
def lists(result: RunResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists") / "名单"
    write_worklists(result, RULESET, folder)
    return folder


@pytest.fixture(scope="module")
def summary(result: RunResult) -> Summary:
    return summarize([result], RULESET)


@cache
def book(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each sheet of a workbook, which is read once: that takes longer than to write it."""
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path).worksheets}


def of_departments(folder: Path) -> list[Path]:
    """The workbooks in which decisions stand one by one; those of all departments of a place have only lists."""
    return [path for path in sorted(folder.rglob("*.xlsx")) if path.parent.name != EVERY]


def rows(folder: Path, sheet: str) -> Iterator[tuple[str, dict[str, object]]]:
    for path in of_departments(folder):
        yield from rows_of(path, sheet)


def granted(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """What is granted, with each force: sheets that not every body has."""
    for path in of_departments(folder):
        for sheet in {words.sheet for words in FORCES.values()} & book(path).keys():
            yield from rows_of(path, sheet)


def rows_of(path: Path, sheet: str) -> Iterator[tuple[str, dict[str, object]]]:
    above = book(path)[sheet]
    # lists that are printed have a line of notes, and numbered rows with sums below
    _, names, *found = above if sheet in DETAILS else above[1:]
    for row in found if sheet in DETAILS else [row for row in found if row[0] != "合计"]:
        yield path.parent.name, dict(zip((str(name) for name in names), row, strict=False))


def allowances(result: RunResult) -> pa.Table:
    """The rows of one policy, so that there are few workbooks."""
    return pq.read_table(result.relation.split("'")[1], filters=[("policy", "==", "elderly.old_age_allowance")])


class TestWorklists:
    def test_each_entitlement_stands_with_every_body_that_leads(
        self, lists: Path, evaluations: list[Evaluation]
    ) -> None:
        wanted: Counter[tuple[str, str, str]] = Counter()
        for one in evaluations:
            for decision in one.decisions:
                count = sum(member.status is Status.ELIGIBLE for member in decision.members)
                of_household = not decision.members and decision.status is Status.ELIGIBLE
                for body in decision.lead:
                    wanted[body.zh, one.household, decision.title.zh] += count or of_household
        found = Counter((body, str(row["户编号"]), str(row["政策"])) for body, row in granted(lists))
        assert found == +wanted

    def test_amounts_are_those_of_the_decisions(self, lists: Path, evaluations: list[Evaluation]) -> None:
        wanted = sum(
            (Decimal(d.amount.low).scaleb(-2) * len(d.lead) for e in evaluations for d in e.eligible if d.amount
             and not d.members), Decimal(0)
        )  # fmt: skip
        given = (Decimal(str(row["金额"])) for _, row in granted(lists) if row["金额"] and not row["成员编号"])
        assert sum(given, Decimal(0)) == wanted

    def test_what_must_be_asked_is_named(self, lists: Path, evaluations: list[Evaluation]) -> None:
        missing = {(e.household, d.title.zh): {m.text for m in d.missing} for e in evaluations for d in e.decisions}
        for _, row in rows(lists, "待核实"):
            named = set(str(row["待核实的事项"]).split("、"))
            assert named and named <= missing[str(row["户编号"]), str(row["政策"])]

    def test_clauses_and_towns_are_there(self, lists: Path) -> None:
        assert all(row["条款"] for _, row in rows(lists, "应享受"))
        assert (lists / "市民政局" / "辉渠镇.xlsx").exists()

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("370784195301011234", "370784********1234"),
            ("37078419530101123x", "370784********123x"),
            ("13812345678", "138****5678"),
            ("电话13812345678。", "电话138****5678。"),
            ("SY00000001-1", "SY00000001-1"),
            ("3707841953010112345", "3707841953010112345"),
        ],
    )
    def test_numbers_of_people_are_masked(self, given: str, shown: str) -> None:
        assert mask(given) == shown

    @pytest.mark.fault("E2", "E10")
    def test_towns_that_are_alike_have_workbooks_of_their_own(self, result: RunResult, tmp_path: Path) -> None:
        places = ["a/b", "a:b", "x", "x.", "x ", "X", "", ".", NOWHERE, "长" * 100, "con", None, "=1+1"]
        table = allowances(result)
        at = table.schema.get_field_index(result.place or "")
        column = pa.array([places[row % len(places)] for row in range(table.num_rows)], pa.string())
        pq.write_table(table.set_column(at, result.place, column), tmp_path / "odd.parquet")
        odd = open_result(tmp_path / "odd.parquet", RULESET)
        written = write_worklists(odd, RULESET, tmp_path / "lists")
        books = sorted((tmp_path / "lists").rglob("*.xlsx"))
        sheets = ("应享受", "待核实", "数据疑点")
        found = [row for sheet in sheets for _, row in rows(tmp_path / "lists", sheet) if row["户编号"]]
        assert written.workbooks == len(books) and written.rows == len(found)
        assert len({str(book).casefold() for book in books}) == len(books)
        assert {_place_in(book) for book in books} >= {"a/b", "a:b", "x", "x.", "x ", "X", "", ".", NOWHERE, "长" * 100}
        assert {path.relative_to(tmp_path / "lists").as_posix() for path in books} == set(marked(tmp_path / "lists"))

    def test_a_text_stays_a_text(self, result: RunResult, tmp_path: Path) -> None:
        table = allowances(result)
        names = pa.array(["=1+1"] * table.num_rows)
        at = table.schema.get_field_index("户主姓名")
        pq.write_table(table.set_column(at, "户主姓名", names), tmp_path / "odd.parquet")
        write_worklists(open_result(tmp_path / "odd.parquet", RULESET), RULESET, tmp_path / "lists")
        assert {row["户主姓名"] for _, row in rows(tmp_path / "lists", "应享受")} == {"=1+1"}


def _place_in(path: Path) -> str:
    """The place as the first line of a workbook says it."""
    head = str(book(path)["应享受"][0][0])
    return head.removeprefix(f"{path.parent.name}  ").removesuffix(f"  应享受  基准日 {AS_OF}")


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


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


class TestSummary:
    def test_policies_add_up(self, summary: Summary, evaluations: list[Evaluation]) -> None:
        for line in summary.policies:
            found = [d for e in evaluations for d in e.decisions if d.title.zh == line.name]
            sure = [d for d in found if d.status is Status.ELIGIBLE]
            assert line.households == len(sure)
            assert line.persons == sum(len(d.beneficiaries) for d in sure)
            paid = sum(
                (member.amount.low if member.amount else 0)
                for d in found
                for member in d.members
                if member.status is Status.ELIGIBLE
            ) + sum(d.amount.low for d in sure if d.amount and not d.members)
            way = sign(
                next(policy for policy in RULESET.policies if policy.title.zh == line.name).versions[0].benefit.kind
            )
            assert sum(money.low for money in line.money) == (paid if way >= 0 else -paid)

    def test_groups_agree_with_the_total(self, summary: Summary) -> None:
        for lines in (summary.departments, summary.places, summary.months):
            assert sum(line.open for line in lines) == summary.total.open
            for per in {money.per for money in summary.total.money}:
                parts = sum(money.low for line in lines for money in line.money if money.per == per)
                assert parts == sum(money.low for money in summary.total.money if money.per == per)

    def test_what_is_not_given_is_in_no_total(self, summary: Summary) -> None:
        kinds = {policy.title.zh: policy.versions[0].benefit.kind for policy in RULESET.policies}
        own = sum(m.low for line in summary.policies if sign(kinds[line.name]) for m in line.money)
        assert sum(money.low for money in summary.total.money) == own

    def test_the_page_needs_nothing_else(self, summary: Summary) -> None:
        page = _Links()
        text = as_html(summary, RULESET.program)
        page.feed(text)
        assert all(link.startswith("#") for link in page.links) and "http:" not in text and "https:" not in text
        for line in (*summary.policies, *summary.places):
            assert line.name.split(" / ")[0] in text
            assert line.words.zh in as_text(summary, RULESET.program)
            assert line.words.en in as_text(summary, RULESET.program, "en")

    def test_months_stand_side_by_side(self, result: RunResult, tmp_path: Path) -> None:
        own, inner = (str(DEMO / name) for name in ("households.csv", "members.csv"))
        run(Job(RULESET, own, inner, "2019-07-31", tmp_path / "july.parquet"))
        both = summarize([result, open_result(tmp_path / "july.parquet", RULESET)], RULESET)
        assert [line.name for line in both.months] == ["2019-06", "2019-07"]


def test_other_files_are_refused(result: RunResult, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(InputError, match="B113"):
        open_result(tmp_path / "other.parquet", RULESET)
    (tmp_path / "text.parquet").write_text("no")
    with pytest.raises(InputError, match="B113"):
        open_result(tmp_path / "text.parquet", RULESET)
    lesson = load("docs/examples/lesson")
    with pytest.raises(InputError, match="B118"):
        open_result(Path(result.relation.split("'")[1]), lesson)
    with pytest.raises(FileNotFoundError):
        open_result(tmp_path / "absent.parquet", RULESET)
    assert replace(result, place=None).place is None


@pytest.mark.fault("C6")
@pytest.mark.parametrize(
    ("column", "value", "names"),
    [
        ("persons", "1", "persons"),
        ("amount_min", 0.5, "amount_min"),
        ("status", "maybe", "status"),
        ("policy", "no.such", "policy"),
        ("per", "week", "per"),
        ("household", None, "household"),
    ],
)
def test_a_result_that_was_changed_is_refused(
    column: str, value: str | float | None, names: str, result: RunResult, tmp_path: Path
) -> None:
    table = pq.read_table(Path(result.relation.split("'")[1]))
    other = pa.array([value] * table.num_rows)
    changed = table.set_column(table.column_names.index(column), column, other)
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), tmp_path / "x.parquet")
    with pytest.raises(InputError) as caught:
        open_result(tmp_path / "x.parquet", RULESET)
    (problem,) = caught.value.diagnostics
    assert problem.code == "B113" and dict(problem.args)["columns"] == (names,)


@pytest.mark.fault("C6")
def test_a_result_damaged_within_is_a_problem(result: RunResult, tmp_path: Path) -> None:
    data = bytearray(Path(result.relation.split("'")[1]).read_bytes())
    # a Parquet file ends with what it holds, the length of that in four bytes, and its mark
    told = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    data[4:told] = bytes(told - 4)
    (tmp_path / "x.parquet").write_bytes(data)
    with pytest.raises(InputError, match="B110"), intact(tmp_path / "x.parquet"):
        summarize([open_result(tmp_path / "x.parquet", RULESET)], RULESET)
