"""What is shown among rules: the values of parameters, the colours of expressions."""

from __future__ import annotations

from datetime import date

from edited_ruleset import LESSON, file_of, read

from fupin_policy.editor.expression_tokens import expression_tokens
from fupin_policy.editor.inlay_hints import inlay_hints
from fupin_policy.editor.workspace import Workspace


def test_a_parameters_value_stands_behind_its_name_as_of_the_version_around_it() -> None:
    workspace = Workspace()
    text = (LESSON / "parameters.yaml").read_text(encoding="utf-8")
    old = "{valid: 2018-01-01.., value: 200,"
    new = (
        "{valid: 2018-01-01..2018-12-31, value: 150, status: example, source: lesson-figures}\n"
        "      - {valid: 2019-01-01.., value: 200,"
    )
    workspace.open(LESSON / "parameters.yaml", text.replace(old, new))
    snapshot, _ = read(LESSON, workspace)
    policies = file_of(snapshot, "policies.yaml")
    assert snapshot.diagnostics == ()
    found = [
        (policies.text[: one.offset].rpartition("参数.")[2], one.text)
        for one in inlay_hints(snapshot, policies, date(2024, 1, 1))
    ]
    assert found == [("津贴_80岁以上", " = 150元"), ("津贴_60至79岁", " = 80元"), ("津贴_80岁以上", " = 200元")]


def test_each_word_of_an_expression_is_what_it_is() -> None:
    snapshot, names = read()
    file = file_of(snapshot, "policies.yaml")
    found = [(file.text[one.start : one.end], one.kind) for one in expression_tokens(file, names)]
    assert found[:5] == [
        ("享受低保", "property"),
        ("且", "keyword"),
        ("年龄", "variable"),
        (">=", "operator"),
        ("80", "number"),
    ]
    assert ("有成员满足", "function") in found and ("津贴_80岁以上", "parameter") in found
    words = [word for word, _ in found]
    assert "东河镇" not in words and "满60周岁当天" not in words


def test_a_half_written_expression_is_coloured_as_far_as_it_goes() -> None:
    workspace = Workspace()
    text = (LESSON / "policies.yaml").read_text(encoding="utf-8")
    workspace.open(LESSON / "policies.yaml", text.replace("享受低保 且 年龄 >= 80", "享受低保 ； 且 (残疾等级 ="))
    snapshot, names = read(LESSON, workspace)
    file = file_of(snapshot, "policies.yaml")
    found = [(file.text[one.start : one.end], one.kind) for one in expression_tokens(file, names)]
    assert found[:4] == [("享受低保", "property"), ("且", "keyword"), ("残疾等级", "property"), ("=", "operator")]
