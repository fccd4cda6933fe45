"""Lists in random rulesets: two that are declared, and terms that ask about their items, about pairs and further in.

In: nothing. Out: texts of files, a strategy of terms. Called by `random_rulesets`.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

LISTS = """\
kind: facts
lists:
  - {name: helpers, label: 帮扶人, of: household, most: 3}
  - {name: visits, label: 就诊, of: member, most: 3, order: [就诊日, 序号], absent: empty, why: {zh: 试, en: Trial}}
facts:
  - {name: pay, label: 工钱, for: helpers, type: number, unit: 元, range: 0..9000}
  - {name: near, label: 就近, for: 帮扶人, type: truth, absent: 否, why: {zh: 试, en: Trial}}
  - {name: trade, label: 行当, for: helpers, type: code, codes: grade, required: true}
  - {name: fee, label: 药费, for: visits, type: number, unit: 元, decimals: 2, range: -100..5000}
  - {name: seen, label: 就诊日, for: visits, type: date, range: 2015-01-01.., past: true}
  - {name: place, label: 序号, for: 就诊, type: number, range: 0..9}
  - {name: urgent, label: 急诊, for: visits, type: truth}
"""

_ITEM_TERMS = """\
  - {name: before, label: 此前, for: visits, value: '合计(就诊：药费, 先于本项)'}
  - {name: repaid, label: 报销, for: 就诊, versions: [
      {valid: ..2019-09-30, value: '较小(900元, 此前 + 药费)'}, {valid: 2019-10-01.., value: '此前 - 药费'}]}
"""

_OF_HELPERS = [
    "有(帮扶人：{own})",
    "个数(helpers:{own}) >= 2",
    "合计(帮扶人：若 {own} 则 工钱 否则 ({money}), 就近) > 500元",
    "最小(帮扶人：工钱 - ({money}), {own} 否则 {money}) < 0元",
    "有(帮扶人：个数(帮扶人：工钱 < 本项.工钱 或 ({own})) > 1)",
    "exists(helpers:greatest(helpers:pay, near = this.near else 0 yuan) > pay and {own})",
]
_OF_VISITS = [
    "有(就诊：{own})",
    "合计(就诊：报销, {own}) > 100元",
    "最大(就诊：药费 + ({money}), {own} 否则 {money}) > 70元",
    "个数(就诊：有(就诊：先于本项 且 就诊日 < 本项.就诊日 且 非 本项.急诊 或 ({own}))) > 0",
    "最小(就诊：就诊日, {own} 否则 识别日期) < 2019-06-30",
    "个数(成员：合计(就诊：药费) < 7元 且 出生日期 <= 本项.出生日期) > 1",
]
_ITEM_FLAGS = {
    "helpers": ["就近", "工钱 > 300元", "行当 = 二级"],
    "visits": ["急诊", "此前 < 药费", "序号 > 3", "就诊日 > 识别日期"],
}

Drawn = Callable[[str], SearchStrategy[str]]
"""Conditions, or sums of money, of a household's or a member's rule."""


@st.composite
def list_terms(draw: DrawFn, truths: Drawn, money: Drawn) -> list[tuple[str, str]]:
    """Conditions that ask about lists, each with its level; what stands inside may be any of the owner's."""
    found = []
    for _ in range(draw(st.integers(1, 2))):
        level = draw(st.sampled_from(["household", "member"]))
        asked = draw(st.sampled_from(["helpers", "visits"]))
        inside = "member" if asked == "visits" else "household"
        flag, own = draw(st.sampled_from(_ITEM_FLAGS[asked])), draw(truths(inside))
        test = draw(st.sampled_from([flag, f"({flag} 且 ({own}))", f"(非 {flag} 或 ({own}))"]))
        text = draw(st.sampled_from(_OF_VISITS if asked == "visits" else _OF_HELPERS))
        text = text.format(own=test, money=draw(money(inside)))
        found.append((level, f"有成员满足({text})" if (level, inside) == ("household", "member") else text))
    return found


def list_files(terms: list[tuple[str, str]], names: list[str]) -> dict[str, str]:
    """The files that declare the lists, and terms by name."""
    text = "".join(
        f"  - {{name: {name}, label: 明细{at}, for: {level}, output: true, value: '{value}'}}\n"
        for at, (name, (level, value)) in enumerate(zip(names, terms, strict=True))
    )
    return {"lists.yaml": LISTS, "list_terms.yaml": f"kind: terms\nterms:\n{_ITEM_TERMS}{text}"}
