"""CSV files as they come: quotation marks gone astray, titles, encodings; rows are counted by another reader."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from demo_tables import RULESET, demo, job, read, rejects_in, write, write_as
from hypothesis import given, settings
from hypothesis import strategies as st
from reject_rows import reject_rows

from fupin_policy import InputError
from fupin_policy.batch import delimited
from fupin_policy.batch.mapping import Headers
from fupin_policy.batch.mapping_proposal import propose
from fupin_policy.batch.run import Job, run
from fupin_policy.batch.sources import open_table
from fupin_policy.diagnostics import Reporter


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "t.csv"
    path.write_bytes(text.encode(encoding))
    return path


def refused(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as raised:
        open_table(str(path))
    return [(one.code, one.place) for one in raised.value.diagnostics]


ROWS = "".join(f"{at},张三,3\n" for at in range(2, 1000))


@pytest.mark.fault("B1")
class TestQuotationMarks:
    def test_one_that_is_not_closed_is_refused_with_its_line(self, tmp_path: Path) -> None:
        text = "户编号,姓名,人数\n" + ROWS.replace("100,张三", '100,"张三')
        assert refused(table(tmp_path, text)) == [("B140", "t.csv:100")]

    def test_two_that_hold_rows_between_them_are_refused(self, tmp_path: Path) -> None:
        text = ("户编号,姓名,人数\n" + ROWS).replace("100,张三,", '100,"张三,').replace("900,张三,", '900,张三",')
        assert refused(table(tmp_path, text)) == [("B141", "t.csv:100")]

    def test_two_rows_in_one_are_refused(self, tmp_path: Path) -> None:
        assert refused(table(tmp_path, '户编号,姓名,人数\n1,"张,3\n2,李",4\n')) == [("B141", "t.csv:2")]

    def test_signs_after_a_closed_one_are_refused(self, tmp_path: Path) -> None:
        assert refused(table(tmp_path, '户编号,姓名,人数\n1,张,3\n2,"李"四,4\n')) == [("B140", "t.csv:3")]

    def test_a_cell_of_two_lines_is_a_cell(self, tmp_path: Path) -> None:
        found = open_table(str(table(tmp_path, '户编号,姓名,人数\n1,"张\n三",3\n2,李 5" 四,4\n')))
        assert (found.headers, found.rows) == (("户编号", "姓名", "人数"), 2)

    def test_every_place_is_told_at_once(self, tmp_path: Path) -> None:
        assert refused(table(tmp_path, 'a,b,c\n1,"x,3\n2,y",4\n3,"x,3\n2,y",4\n')) == [
            ("B141", "t.csv:2"),
            ("B141", "t.csv:4"),
        ]

    def test_a_run_refuses_before_anything_is_decided(self, tmp_path: Path) -> None:
        own, inner = demo(2)
        members = Path(write(tmp_path / "m.csv", inner))
        members.write_bytes(
            members.read_bytes().replace(f"\n{inner[9][0]},".encode(), f'\n"{inner[9][0]},'.encode(), 1)
        )
        with pytest.raises(InputError, match="B140"):
            run(job(tmp_path, write(tmp_path / "h.csv", own), str(members)))
        assert not (tmp_path / "out.parquet").exists()


@pytest.mark.fault("B1")
def test_a_count_that_does_not_agree_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, inner = demo(1)
    given = job(tmp_path, write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner))
    whole = delimited.batches

    def lossy(*arguments: object) -> object:
        for batch in whole(*arguments):  # type: ignore[arg-type]
            yield batch.slice(1)

    monkeypatch.setattr(delimited, "batches", lossy)
    with pytest.raises(InputError, match=f"B143.*{len(own) - 2} 行，另数有 {len(own) - 1} 行"):
        run(given)


def none_is_refused(number: int, cells: int, text: str) -> None:
    pytest.fail(f"row {number} is refused: {text}")


CELL = st.text(st.sampled_from('甲a1 ,"\n'), max_size=4)
"""Cells with all that CSV has to quote."""


@pytest.mark.fault("B1")
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_both_readers_count_the_same_rows(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([["甲", "乙", "丙"], *rows])
    path = table(tmp_path_factory.mktemp("csv"), file.getvalue())
    reporter = Reporter()
    found = delimited.survey(path, reporter)
    assert found is not None
    if not reporter.errors:
        read = [row for batch in delimited.batches(path, found, none_is_refused) for row in batch.to_pylist()]
        given = [[cell or None for cell in row] for row in rows]
        assert [[row[name] for name in ("甲", "乙", "丙")] for row in read] == given
        assert found.rows == sum(any(row) for row in rows)


@pytest.mark.fault("B8")
def test_titles_above_and_remarks_below_are_no_records(tmp_path: Path) -> None:
    own, inner = demo(1)
    width = len(own[0])
    blank = [""] * (width - 1)
    titled = [["某县家庭登记表", *blank], ["填报单位：某镇", *blank], *own, ["合计", *blank], ["制表人：张三", *blank]]
    run(job(tmp_path, write(tmp_path / "h.csv", titled), write(tmp_path / "m.csv", inner)))
    found = [(row["file"], int(row["row"]), row["code"]) for row in rejects_in(tmp_path)]
    assert found == [("h.csv", len(own) + 3, "B145"), ("h.csv", len(own) + 4, "B145")]
    # so they are where a column of numbers stands before the ids
    numbered = [["序号", *own[0]], *([str(at), *row] for at, row in enumerate(own[1:], 1)), ["合计", "", *blank]]
    mapping = tmp_path / "对照.yaml"
    mapping.write_text(
        propose(RULESET.program, Headers("h", tuple(numbered[0])), Headers("m", tuple(inner[0]))), "utf-8"
    )
    files = write(tmp_path / "n.csv", numbered), write(tmp_path / "m.csv", inner)
    run(replace(job(tmp_path, *files, "n.parquet"), mapping=mapping))
    told = reject_rows(tmp_path / "n.rejects.csv")
    assert [(row["row"], row["code"]) for row in told] == [(str(len(own) + 1), "B145")]


@pytest.mark.fault("C6")
class TestEncodings:
    def test_a_file_that_ends_inside_a_character(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes("户编号,姓名,人数\n1,张三".encode()[:-1])
        assert refused(path) == [("H070", "t.csv")]

    @pytest.mark.parametrize(
        "raw", [b"", b"\n\n", b"\xff\xfeA\x00,\x00", b"a\x00b,c\n1,2\n", "a,b\n1,甲".encode("utf-16")]
    )
    def test_what_is_no_table_is_refused(self, tmp_path: Path, raw: bytes) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(raw)
        with pytest.raises(InputError):
            open_table(str(path))

    def test_a_quotation_mark_at_the_very_end(self, tmp_path: Path) -> None:
        assert refused(table(tmp_path, 'a,b,c\n1,2,"')) == [("B140", "t.csv:2")]


@pytest.mark.fault("B12")
def test_characters_of_the_private_area_are_those_of_2022(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("户编号,姓名,人数\n1,".encode("gb18030") + b"\xfe\x59\xa6\xd9\xfe\x51" + b",3\n")
    reporter = Reporter()
    found = delimited.survey(path, reporter)
    assert found is not None and found.encoding == "gb18030"
    (batch,) = delimited.batches(path, found, none_is_refused)
    assert batch.column(1).to_pylist() == ["\u9fb4\ufe10\U00020087"]


@pytest.mark.fault("B6")
class TestRowsWhoseHouseholdIsNotTold:
    def test_a_member_without_a_households_id_stops_the_household_above(self, tmp_path: Path) -> None:
        own, inner = demo(1)
        inner = [inner[0], *sorted(inner[1:], key=lambda row: row[0])]
        at = next(at for at in range(2, len(inner)) if inner[at][0] == inner[at - 1][0])
        household, inner[at][0] = inner[at][0], ""
        report = run(job(tmp_path, write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner)))
        codes = {(row["file"], row["household"]): row["code"] for row in rejects_in(tmp_path)}
        assert codes["m.csv", ""] == "H069" and codes["h.csv", household] == "B147"
        assert report.counts.households_rejected == 1

    @pytest.mark.parametrize("shifted", [False, True])
    def test_a_member_with_too_many_cells_stops_its_household(self, tmp_path: Path, shifted: bool) -> None:
        own, inner = demo(1)
        inner = [inner[0], *sorted(inner[1:], key=lambda row: row[0])]
        at = next(at for at in range(2, len(inner)) if inner[at][0] == inner[at - 1][0])
        household = inner[at][0]
        inner[at] = ["多", *inner[at]] if shifted else [*inner[at], "多"]
        report = run(job(tmp_path, write(tmp_path / "h.csv", own), write(tmp_path / "m.csv", inner)))
        codes = {(row["file"], row["household"]): row["code"] for row in rejects_in(tmp_path)}
        assert codes["m.csv", ""] == "B111" and codes["h.csv", household] == "B147"
        assert report.counts.households_rejected == 1


@pytest.mark.fault("E5")
class TestOneIdTwice:
    @pytest.mark.parametrize("other", [False, True])
    def test_rows_that_differ_are_all_rejected(self, tmp_path: Path, other: bool) -> None:
        own, inner = demo(1)
        again = list(own[1])
        if other:
            again[own[0].index("人均纯收入")] = "1"
        given = job(tmp_path, write(tmp_path / "h.csv", [*own, again]), write(tmp_path / "m.csv", inner))
        report = run(given)
        rejects = [(row["file"], int(row["row"]), row["code"]) for row in rejects_in(tmp_path)]
        members = sum(row[0] == own[1][0] for row in inner)
        if other:
            assert [one for one in rejects if one[0] == "h.csv"] == [
                ("h.csv", 2, "B150"),
                ("h.csv", len(own) + 1, "B150"),
            ]
            assert [code for file, _, code in rejects if file == "m.csv"] == ["B102"] * members
            assert (report.counts.households_rejected, report.counts.members_rejected) == (2, members)
        else:
            assert rejects == [("h.csv", len(own) + 1, "H065")]
            assert (report.counts.households_rejected, report.counts.members_rejected) == (1, 0)


@pytest.mark.fault("B2")
class TestNamesAreNames:
    @pytest.mark.parametrize("form", [".csv", ".xlsx", ".parquet"])
    def test_brackets_and_stars_stand_for_themselves(self, tmp_path: Path, form: str) -> None:
        folder = tmp_path / "年[1]*" / "a=1"
        folder.mkdir(parents=True)
        own, inner = demo(1)
        names = ["h[1]", "m*"]
        for name, rows in zip(names, (own, inner), strict=True):
            for plain, some in ((name, rows), (name.translate(str.maketrans("", "", "[]*")) + "1", rows[:3])):
                if form == ".csv":
                    write(folder / f"{plain}.csv", some)
                else:
                    write_as[form[1:]](folder, plain, some)
        households, members = (str(folder / f"{name}{form}") for name in names)
        given = Job(RULESET, households, members, "2019-06-30", folder / "out.parquet")
        assert run(given).counts.households == len(own) - 1
        assert len(read(folder / "out.rejects.csv")) == 1

    @pytest.mark.parametrize(
        "spec", ["http://example.org/h.parquet", "s3://bucket/h.csv", "https://a/b.xlsx", "file:///h.csv"]
    )
    def test_addresses_are_refused(self, spec: str) -> None:
        with pytest.raises(InputError, match="B160"):
            open_table(spec)

    def test_a_pattern_that_names_nothing_is_not_there(self, tmp_path: Path) -> None:
        write(tmp_path / "h1.csv", demo(1)[0])
        with pytest.raises(FileNotFoundError):
            open_table(str(tmp_path / "h*.csv"))


@pytest.mark.fault("C2")
def test_more_columns_than_any_sheet_has_are_refused(tmp_path: Path) -> None:
    header = ",".join(f"h{at}" for at in range(16_385))
    assert refused(table(tmp_path, f"{header}\n1\n")) == [("B169", "t.csv")]
