"""Entries that can be written at once, with places to fill in: a policy, a version, an example, a table, a fact.

In: the keys that lead to a place. Out: texts in the form of snippets of editors. Called by `completion`. Data only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntrySnippet:
    """A text for the beginning of an entry below some keys, without its dash; lines but the first are indented."""

    kind: str
    keys: tuple[str, ...]
    label: str
    about: str
    text: str


SNIPPETS = (
    EntrySnippet(
        "policies",
        ("policies",),
        "政策 / policy",
        "一项政策，一个版本，一个例子 / a policy with one version and one example",
        """id: ${1:area.name}
title: {zh: ${2:名称}, en: ${3:Name}}
for: ${4|household,member|}
versions:
  - valid: ${5:2020-01-01}..
    when: ${6:条件}
    benefit: {kind: cash, amount: ${7:100元}, per: month}
    lead: [${8:部门}]
    basis: [${9:来源} ${10:1.1}]
examples:
  - name: ${11:例子}
    as_of: ${12:2020-06-30}
    household: {members: [{id: m1}]}
    expect: ${13|eligible,ineligible,unknown|}
$0""",
    ),
    EntrySnippet(
        "policies",
        ("policies", "versions"),
        "版本 / version",
        "政策的一个版本 / a version of a policy",
        """valid: ${1:2020-01-01}..
when: ${2:条件}
benefit: {kind: cash, amount: ${3:100元}, per: month}
lead: [${4:部门}]
basis: [${5:来源} ${6:1.1}]
$0""",
    ),
    EntrySnippet(
        "policies",
        ("policies", "examples"),
        "例子 / example",
        "一户和应得的结果 / a household and what should come out",
        """name: ${1:例子}
as_of: ${2:2020-06-30}
household: {${3:事实}: ${4:是}, members: [{id: m1}]}
expect: ${5|eligible,ineligible,unknown|}
$0""",
    ),
    EntrySnippet(
        "facts",
        ("facts",),
        "事实 / fact",
        "户或成员的一项事实 / a fact of households or members",
        "{name: ${1:name}, label: ${2:标签}, for: ${3|household,member|}, type: ${4|truth,number,date,code|}}$0",
    ),
    EntrySnippet(
        "terms",
        ("terms",),
        "定义 / term",
        "有名称的表达式 / an expression with a name",
        "{name: ${1:name}, label: ${2:标签}, for: ${3|household,member|}, value: ${4:表达式}}$0",
    ),
    EntrySnippet(
        "parameters",
        ("parameters",),
        "参数 / parameter",
        "一个数，各时期的值 / a figure with its values over time",
        """name: ${1:name}
label: ${2:标签}
unit: ${3:元}
range: ${4:0..10000}
values:
  - {valid: ${5:2020-01-01}.., value: ${6:100}, status: ${7|enacted,reported,example|}, source: ${8:来源} }
$0""",
    ),
)
TABLE = EntrySnippet(
    "",
    (),
    "分档表 / table",
    "按一项事实取值 / a value by a fact",
    """by: ${1:年龄}
rows:
  - [${2:..59}, ${3:0元}]
  - [${4:60..}, ${5:100元}]
$0""",
)
"""A table in the place of an amount or value."""
