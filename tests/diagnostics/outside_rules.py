"""Codes without a file of cases: of rulesets, artifacts, households, records and proofs."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from corpus import BASE
from outside import How, Outside, base, raised

from fupin_policy.core.expressions import Cases, Compare, Const, Expr, Never
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.program import Program
from fupin_policy.core.rewriting import rewrite
from fupin_policy.diagnostics import Diagnostic, Reporter
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.evaluators.wasm.checksum import LENGTH, with_checksum
from fupin_policy.intake import parse_json
from fupin_policy.ruleset import check_folder


def _many_files(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.files import bounded

    patch.setattr(bounded, "MAX_FILES", 3)
    shutil.copytree(BASE, folder / "ruleset")
    return raised(lambda: check_folder(folder / "ruleset"))


def _changed(change: Callable[[bytes], bytes]) -> How:
    def how(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
        return raised(lambda: read_manifest(change(base().compile())))

    return how


def _no_text(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    reporter = Reporter()
    assert parse_json(None, reporter) is None  # type: ignore[arg-type]
    return reporter.diagnostics


def _not_a_number(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    household = {"id": "h", "收入": float("inf"), "members": [{"id": "m"}]}
    return raised(lambda: base().evaluate(household, "2019-06-30"))


def _no_wasm2c(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.c_library import translation
    from fupin_policy.c_library.library import c_library

    patch.setattr(translation, "wasm2c", lambda: None)
    return raised(lambda: c_library(base().compile()))


def _other_wasm2c(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.c_library import translation
    from fupin_policy.c_library.library import c_library

    tool = folder / "wasm2c"
    tool.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 9.9.9 && exit\necho unheard of >&2\nexit 1\n", encoding="utf-8"
    )
    tool.chmod(tool.stat().st_mode | stat.S_IEXEC)
    patch.setattr(translation, "wasm2c", lambda: str(tool))
    return raised(lambda: c_library(base().compile()))


def _with_policies(folder: Path, text: str) -> Program:
    shutil.copytree(BASE, folder / "ruleset")
    (folder / "ruleset" / "policies.yaml").write_text(text, encoding="utf-8")
    return check_folder(folder / "ruleset")


_PAIR = """kind: policies
policies:
- id: one
  title: {zh: 甲, en: One}
  for: household
  versions:
  - {valid: .., when: 享受低保, benefit: {kind: waiver}, basis: [law 1]}
- id: two
  title: {zh: 乙, en: Two}
  for: household
  versions:
  - {valid: .., when: 收入 > 3元, benefit: {kind: waiver}, basis: [law 1]}
groups:
- {id: g, title: {zh: 组, en: Group}, keep: first, policies: [one, two]}
"""


def _both_of_a_group(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    """A group whose second policy lost its exclusion: the check itself never makes one."""
    from fupin_policy.analysis.verification.prove import prove

    program = _with_policies(folder, _PAIR)
    whens = {one.id.name: one for one in program.definitions if one.id.part == "when"}
    definitions = tuple(
        replace(one, versions=whens["two"].versions, absent=0) if one.id == DefinitionId("outcome", "two") else one
        for one in program.definitions
    )
    return [one.diagnostic for one in prove(replace(program, definitions=definitions), 1) if one.code == "V112"]


def _gap(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    """A table whose first row was narrowed after the check had found it whole."""
    from fupin_policy.analysis.verification import prove

    text = """kind: policies
policies:
- id: one
  title: {zh: 甲, en: One}
  for: household
  versions:
  - valid: ..
    when: 享受低保
    benefit:
      kind: cash
      per: month
      amount:
        by: 收入
        rows:
        - [..100元, 3元]
        - [100.01元.., 5元]
    basis: [law 1]
"""

    def narrowed(node: Expr) -> Expr:
        if isinstance(node, Cases) and isinstance(node.otherwise, Never):
            (test, value), *rest = node.branches
            assert isinstance(test, Compare) and isinstance(test.right, Const)
            return replace(node, branches=((replace(test, right=replace(test.right, value=9000)), value), *rest))
        return node

    program = _with_policies(folder, text)
    definitions = tuple(
        replace(one, versions=tuple((dates, rewrite(expr, narrowed)) for dates, expr in one.versions))
        for one in program.definitions
    )
    patch.setattr(prove._Asked, "_show", lambda *given: ())  # the interpreter would be at a loss, too
    found = prove.prove(replace(program, definitions=definitions), 1)
    return [one.diagnostic for one in found if one.code == "V107"]


def _no_answer(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.analysis.verification import prove, solver

    def never(*given: object) -> bool:
        raise solver.Undecided

    patch.setattr(solver.Solver, "possible", never)
    found = prove.prove(_with_policies(folder, _PAIR), 1)
    return [one.diagnostic for one in found if one.code == "V190" and one.about == DefinitionId("when", "one")]


def _locked(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.analysis.audit import append
    from fupin_policy.files.atomic import locked

    patch.chdir(folder)
    with locked(Path("r.jsonl"), "ab"):
        return raised(lambda: append(Path("r.jsonl"), base(), [], "2019-06-30", seconds=0))


def _no_input(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    from fupin_policy.cli.common import read_households

    patch.setattr(sys, "stdin", None)
    return raised(lambda: list(read_households("-")))


def _no_such_figure(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    household = {"id": "h", "members": [{"id": "m"}]}
    return raised(lambda: base().evaluate(household, "2019-06-30").figure("年龄"))


def _no_such_language(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    problem = Diagnostic.of("H004", "members")
    return raised(lambda: problem.sentence("zh-CN"))  # type: ignore[arg-type]


def _no_such_places(folder: Path, patch: pytest.MonkeyPatch) -> Sequence[Diagnostic]:
    return raised(lambda: base().of("vilage"))


RULES = (
    Outside(
        "N232",
        "figure",
        "这次求值没有报告数字“年龄”",
        'the evaluation reports no figure "年龄"',
        _no_such_figure,
    ),
    Outside(
        "N233",
        "lang",
        "这里不能写“zh-CN”，只能写 zh、en",
        '"zh-CN" cannot stand here: it is one of zh, en',
        _no_such_language,
    ),
    Outside(
        "N234",
        "kind",
        "没有给“vilage”这类地点的规则",
        'there are no rules for places of the kind "vilage"',
        _no_such_places,
    ),
    Outside(
        "Y118",
        "ruleset",
        "文件夹“ruleset”里的 YAML 文件超过 5000 个，或总共超过 64 MiB",
        'the folder "ruleset" has more than 5000 YAML files, or more than 64 MiB of them',
        _many_files,
    ),
    Outside(
        "H111",
        "<json>",
        "这里应当是 JSON 文字或它的 UTF-8 字节，却是“null”",
        'this should be a JSON text or its bytes in UTF-8, but here stands "null"',
        _no_text,
    ),
    Outside(
        "C020",
        "<wasm>",
        "这不是 fupin compile 写出的 WebAssembly 模块",
        'this is no WebAssembly module made by "fupin compile"',
        _changed(lambda wasm: wasm[1:]),
    ),
    Outside(
        "C021",
        "<wasm>",
        "模块末尾没有校验和：它由较早的版本编译，或没有传完整",
        "the module does not end with a checksum: an earlier version compiled it, or it is cut short",
        _changed(lambda wasm: wasm[:-1]),
    ),
    Outside(
        "C022",
        "<wasm>",
        "模块与它的校验和不符：编译之后被改动过",
        "the module does not agree with its checksum: it was changed after it was compiled",
        _changed(lambda wasm: wasm[:-1] + bytes([wasm[-1] ^ 1])),
    ),
    Outside(
        "C023",
        "<wasm>",
        "模块的接口是第 9 版，这里只读第 5 版",
        "the module has version 9 of the interface, and version 5 is read here",
        _changed(lambda wasm: with_checksum(wasm[:-LENGTH].replace(b'"abi":5', b'"abi":9'))),
    ),
    Outside("H022", "收入", "“inf”不是有限的数", '"inf" is not a finite number', _not_a_number),
    Outside(
        "A110",
        "r.jsonl",
        "另一个程序正在写记录 r.jsonl；这些住户没有写进去",
        "another program is writing the record r.jsonl; these households were not written",
        _locked,
    ),
    Outside("B178", "<stdin>", "没有标准输入", "there is no standard input", _no_input),
    Outside(
        "C001",
        "wasm2c",
        "找不到 wasm2c，不能写出 C 程序库",
        "wasm2c was not found, so no C library can be written",
        _no_wasm2c,
    ),
    Outside(
        "C002",
        "wasm2c",
        "wasm2c（版本 9.9.9）写出的内容与所知的不同：unheard of",
        "wasm2c (version 9.9.9) wrote something else than is known: unheard of",
        _other_wasm2c,
    ),
    Outside("V107", "ruleset/policies.yaml:13:13", "“甲”的表有空当", 'the table of "One" has a gap', _gap),
    Outside(
        "V112",
        "ruleset/policies.yaml:7:23",
        "“甲”与同组的“乙”可能同时适用",
        '"One" and "Two" of the same group can both be granted',
        _both_of_a_group,
    ),
    Outside(
        "V190",
        "ruleset/policies.yaml:7:23",
        "“甲”的这一问题在时限内没有得出结论：条件能不能成立，又能不能不成立",
        'no answer in time to this question about "One": whether its condition can hold, and can fail',
        _no_answer,
    ),
)
