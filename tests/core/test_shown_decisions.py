"""Evaluations and decisions as containers, in a line, in a notebook, as data and as tables."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest

from fupin_policy import Decision, Evaluation, FupinError, Ruleset, Status, load
from fupin_policy.batch.output_layouts import LONG
from fupin_policy.core.bilingual import Bilingual

ROOT = Path(__file__).parents[2]
HOUSEHOLD = ROOT / "docs/examples/household.json"
AGED, AID = "elderly.old_age_allowance", "health.medical_aid"


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load(ROOT / "docs/examples/lesson")


@pytest.fixture(scope="module")
def evaluation(ruleset: Ruleset) -> Evaluation:
    return ruleset.evaluate(json.loads(HOUSEHOLD.read_text(encoding="utf-8")), "2019-06-30")


class Seen(HTMLParser):
    """What a reader sees of a page, and the elements in it; those that are not closed in order are wrong."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags, self._open = "", list[str](), list[str]()
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"


def test_an_evaluation_is_a_container_of_decisions(evaluation: Evaluation) -> None:
    assert list(evaluation) == list(evaluation.decisions) and len(evaluation) == 2
    assert AGED in evaluation and "医疗救助" in evaluation and "Medical aid" in evaluation
    assert "elderly" not in evaluation and 7 not in evaluation
    assert all(one in evaluation for one in evaluation)
    assert evaluation["医疗救助"] is evaluation[AID] is evaluation.decisions[1]


def test_an_evaluation_without_policies_is_something(evaluation: Evaluation) -> None:
    bare = replace(evaluation, decisions=())
    assert bare and len(bare) == 0 and list(bare) == []
    assert repr(bare) == "<Evaluation h1 2019-06-30 lesson: no policies>"


def test_an_id_is_understood_before_a_title(evaluation: Evaluation) -> None:
    first, second = evaluation
    misleading = replace(evaluation, decisions=(first, second._replace(title=Bilingual(AGED, "Aid"))))
    assert misleading[AGED] is first


def test_each_is_told_in_one_line(evaluation: Evaluation) -> None:
    assert repr(evaluation) == "<Evaluation h1 2019-06-30 lesson: 2 eligible>"
    assert repr(evaluation[AGED]) == f"<Decision {AGED} eligible 200.00–280.00 CNY a month: m1>"
    refused = evaluation[AID]._replace(status=Status.INELIGIBLE, amount=None, beneficiaries=())
    assert repr(refused) == f"<Decision {AID} ineligible>"
    mixed = replace(evaluation, household="一\n二\x1b[31m", decisions=(evaluation[AGED], refused))
    assert repr(mixed) == "<Evaluation 一 二<U+001B>[31m 2019-06-30 lesson: 1 eligible, 1 ineligible>"


def test_a_notebook_shows_what_is_granted_or_open(evaluation: Evaluation) -> None:
    refused = evaluation[AID]._replace(status=Status.INELIGIBLE, amount=None)
    seen = Seen(replace(evaluation, decisions=(refused, evaluation[AGED]), trial=("参数.X=1",))._repr_html_())
    assert "h1 · 2019-06-30 · lesson 参数.X=1：符合 1、不符合 1" in seen.text
    assert seen.tags.count("tr") == 2 and "高龄津贴\nOld-age allowance\n" in seen.text
    assert "200.00–280.00 CNY 每月" in seen.text and "m2.出生日期" in seen.text and "医疗救助" not in seen.text
    assert "另有 1 项不符合\n1 more do not apply" in seen.text
    assert "do not apply" not in Seen(evaluation._repr_html_()).text


def test_what_is_granted_stands_first_and_long_lines_are_cut(evaluation: Evaluation) -> None:
    first, second = evaluation
    facts = tuple(replace(second.missing[0], label=f"事实{number}", member=None) for number in range(7))
    seen = Seen(
        replace(evaluation, decisions=(first._replace(status=Status.UNKNOWN, missing=facts), second))._repr_html_()
    )
    assert seen.text.index("医疗救助") < seen.text.index("高龄津贴")
    assert "事实4 等 7 项" in seen.text and "事实5" not in seen.text and "and 2 others" not in seen.text
    assert "and 2 more" in seen.text


def test_a_notebook_shows_one_decision(evaluation: Evaluation) -> None:
    seen = Seen(evaluation[AGED]._repr_html_())
    for text in (
        "高龄津贴",
        AGED,
        "符合，200.00 CNY 每月",
        "unknown, 0.00–80.00 CNY a month",
        "lesson-1 1.2",
        "东河镇",
    ):
        assert text in seen.text
    assert "县民政局\nCivil Affairs Bureau\n" in seen.text and "所据数值没有来源" in seen.text
    bare = evaluation[AID]._replace(amount=None, missing=(), cooperating=(), provisional=False)
    assert not {"金额", "待核实", "配合", "暂定", "成员"} & set(Seen(bare._repr_html_()).text.split("\n"))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a&b\u202e\x07"])
def test_text_is_escaped(evaluation: Evaluation, text: str) -> None:
    words = Bilingual(text, text + "x")
    one = evaluation[AGED]
    bad = one._replace(
        policy=text, title=words, lead=(words,), beneficiaries=(text,), missing=(replace(one.missing[0], label=text),)
    )
    for page in (replace(evaluation, household=text, decisions=(bad,))._repr_html_(), bad._repr_html_()):
        assert not {"script", "img"} & set(Seen(page).tags) and "\u202e" not in page and "\x07" not in page


def test_data_is_that_of_the_command(evaluation: Evaluation) -> None:
    assert evaluation.to_dict() == evaluation.as_json() == json.loads(json.dumps(evaluation.to_dict()))
    assert evaluation[AGED].to_dict() == evaluation.to_dict()["decisions"][0]


def test_an_arrow_table_has_a_row_for_each_decision(evaluation: Evaluation) -> None:
    table = evaluation.to_arrow()
    rows = table.to_pylist()
    assert [row["policy"] for row in rows] == [one.policy for one in evaluation]
    assert {row["household"] for row in rows} == {"h1"} and {row["as_of"] for row in rows} == {date(2019, 6, 30)}
    assert (rows[0]["amount_min"], rows[0]["amount_max"], rows[0]["decimals"]) == (20000, 28000, 2)
    assert (
        rows[0]["beneficiaries"] == ["m1"] and rows[0]["missing"] == ["m2.出生日期"] and rows[0]["lead"] == ["县民政局"]
    )
    assert table.schema.metadata[b"fupin.digest"].decode() == evaluation.digest
    assert replace(evaluation, trial=("参数.X=1",)).to_arrow().schema.metadata[b"fupin.trial"].decode() == "参数.X=1"
    assert not any(pa.types.is_floating(field.type) for field in table.schema)
    kinds = {"texts": pa.list_(pa.string()), "amount_min": pa.int64(), "as_of": pa.date32(), "provisional": pa.bool_()}
    assert [table.schema.field(name).type for name in ("missing", *[*kinds][1:])] == [*kinds.values()]


def test_what_it_shares_with_a_batch_has_the_same_types(evaluation: Evaluation) -> None:
    own = evaluation.to_arrow().schema
    both = set(own.names) & set(LONG.names)
    assert {"household", "policy", "title", "status", "amount_min", "amount_max", "per", "provisional"} == both
    for name in both:
        type_ = LONG.field(name).type
        assert own.field(name).type == (type_.value_type if pa.types.is_dictionary(type_) else type_)


def test_columns_are_typed_without_any_row(evaluation: Evaluation) -> None:
    bare = replace(evaluation, decisions=()).to_arrow()
    assert bare.num_rows == 0 and bare.schema.equals(evaluation.to_arrow().schema)
    alone = evaluation[AGED]._replace(amount=None).to_arrow()
    assert alone.num_rows == 1 and alone.column("amount_min").to_pylist() == [None]
    assert alone.schema.names == bare.schema.names[2:] and alone.column("amount_min").type == pa.int64()


def test_a_data_frame_keeps_the_types(evaluation: Evaluation) -> None:
    pytest.importorskip("pandas", reason="the extra pandas is not installed")
    none = evaluation[AID]._replace(amount=None)
    frame = replace(evaluation, decisions=(evaluation[AGED], none)).to_pandas()
    assert str(frame.dtypes["amount_min"]) == "int64[pyarrow]" and str(frame.dtypes["as_of"]) == "date32[day][pyarrow]"
    assert frame["amount_max"].isna().tolist() == [False, True] and frame["amount_max"].sum() == 28000
    assert frame.attrs["fupin.ruleset"] == "lesson" and evaluation[AGED].to_pandas().shape[0] == 1


@pytest.mark.parametrize(("package", "call"), [("pyarrow", Evaluation.to_arrow), ("pandas", Evaluation.to_pandas)])
def test_a_missing_extra_is_named(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, package: str, call: Callable[[Evaluation], object]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(FupinError) as raised:
        call(evaluation)
    (said,) = raised.value.diagnostics
    assert said.code == "B114" and package in said.sentence("en") and "pip install 'fupin-policy[" in said.advice("zh")


def test_what_is_shown_is_still_a_value(evaluation: Evaluation) -> None:
    assert pickle.loads(pickle.dumps(evaluation)) == evaluation and hash(evaluation) == hash(replace(evaluation))
    again = Decision._make(evaluation[AGED])
    assert again == evaluation[AGED] and again.policy == AGED
