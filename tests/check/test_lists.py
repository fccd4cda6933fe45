"""Lists in rules: both surfaces, formatted safely, proven to fit 64 bits, said in words."""

from __future__ import annotations

from pathlib import Path

import of_lists
import pytest
from checked_ruleset import BASE, policy, written

from fupin_policy import Ruleset, RulesetError, load
from fupin_policy.check.formatter import format_folder
from fupin_policy.core.expressions import Items, walk
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.language import parse, show
from fupin_policy.prose.expressions import say

WRITTEN = [
    "合计(赡养人：月收入 - 1500元, 健在)",
    "有（赡养人：月收入 > 3000元）",
    "个数(赡养人)",
    "count(supporters:alive)",
    "最大(赡养人：月收入, 健在 否则 0元)",
    "total(bills: cost, on < this.on)",
    "合计(就医记录：额, 大额 且 先于本项)",
    "count(bills: not before this)",
    "合计(成员：合计(就医记录：额))",
    "最小(就医记录 : 日期 否则 基准日)",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_both_languages_say_the_same(text: str) -> None:
    reporter = Reporter()
    tree = parse(Span(Source("test", text), 0, len(text)), reporter)
    assert tree is not None, reporter.errors
    for lang in ("zh", "en"):
        said = show(tree, lang)
        assert parse(Span(Source("test", said), 0, len(said)), reporter) == tree, said
        # a colon with a blank after it would end a scalar of YAML that is not quoted
        assert ": " not in said


def test_the_members_own_words_are_kept() -> None:
    text = "成员数(健在) + 个数(成员：健在)"
    tree = parse(Span(Source("test", text), 0, len(text)), Reporter())
    assert tree is not None
    assert show(tree, "zh") == "成员数(健在) + 个数(成员：健在)"
    assert show(tree, "en") == "member_count(健在) + count(成员:健在)"


def test_months_and_lists_share_a_word() -> None:
    text = "合计(工资, 近3个月) + 合计(赡养人：合计(工资, 近3个月))"
    tree = parse(Span(Source("test", text), 0, len(text)), Reporter())
    assert tree is not None
    assert show(tree, "zh") == text


def test_given_dates_and_lists_share_a_word() -> None:
    text = "有(去世日期) 或 有(赡养人：有(去世日期))"
    tree = parse(Span(Source("test", text), 0, len(text)), Reporter())
    assert tree is not None
    assert show(tree, "zh") == text
    assert show(tree, "en") == "given(去世日期) or exists(赡养人:given(去世日期))"


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


def test_a_sum_reaches_as_far_as_the_most_items(listy: Ruleset) -> None:
    types = {one.id.name: one.type for one in listy.program.definitions if one.id.part == "term"}
    support, whole = types["support"], types["whole"]
    assert isinstance(support, Number)
    assert (support.low, support.high) == (0, 3 * 4_925_000)
    assert isinstance(whole, Number)
    assert (whole.low, whole.high) == (0, 5 * 4 * 100_000_000)


def test_what_compares_items_is_known_to_do_so(listy: Ruleset) -> None:
    paired = {
        one.id.name: any(node.paired for node in walk(one.versions[0][1]) if isinstance(node, Items))
        for one in listy.program.definitions
        if one.id.part == "term"
    }
    assert {name for name, is_so in paired.items() if is_so} == {"before", "alike"}


def test_a_sum_that_leaves_64_bits_is_refused(tmp_path: Path) -> None:
    facts = BASE["facts.yaml"] + (
        "  - {name: big, label: 巨额, for: many, type: number, range: 0..4000000000000000000}\n"
        "lists:\n  - {name: many, label: 许多, of: household, most: 3}\n"
    )
    terms = "kind: terms\nterms:\n  - {name: all, label: 总额, for: household, value: '合计(许多：巨额)'}\n"
    with pytest.raises(RulesetError, match=r"R301.*巨额|巨额"):
        load(written(tmp_path, terms, policy("总额 > 3"), facts=facts), cache=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_formatted_ruleset_says_the_same(tmp_path: Path, lang: str) -> None:
    before = of_lists.rules(tmp_path)
    format_folder(tmp_path, lang, write=True)  # type: ignore[arg-type]
    after = load(tmp_path, cache=False)
    assert after.program.definitions == before.program.definitions


def test_lists_in_words(listy: Ruleset) -> None:
    exprs = {one.id.name: one.versions[0][1] for one in listy.program.definitions if one.id.part == "term"}
    program = listy.program
    assert say(exprs["rich"], program, "zh") == "有赡养人满足（月收入大于 3000.00 元）"
    assert say(exprs["several"], program, "zh") == "赡养人的项数"
    assert say(exprs["before"], program, "zh") == "就医记录合计(额，限 日期早于本项的日期)"
    assert say(exprs["before"], program, "en") == "sum over bills(cost, where on is before on of this one)"


def test_what_comes_before_an_item_is_told_by_the_order_of_its_list(tmp_path: Path) -> None:
    terms = (
        "kind: terms\nterms:\n"
        "  - {name: short, label: 此前, for: bills, value: '合计(就医记录：额, 先于本项)'}\n"
        "  - {name: long, label: 以前, for: bills, value:"
        " '合计(就医记录：额, 日期 < 本项.日期 或 (日期 = 本项.日期 且 序号 < 本项.序号))'}\n"
        "  - {name: in_all, label: 总计, for: member, output: true, value: '合计(就医记录：此前 + 以前)'}\n"
    )
    rules = load(written(tmp_path, terms, policy("是"), facts=of_lists.FACTS), cache=False)
    exprs = {one.id.name: one.versions[0][1] for one in rules.program.definitions if one.id.part == "term"}
    assert exprs["short"] == exprs["long"]


def test_of_one_fact_it_is_that_this_is_less(tmp_path: Path) -> None:
    facts = of_lists.FACTS.replace("order: [日期, 序号]", "order: [序号]")
    terms = (
        "kind: terms\nterms:\n"
        "  - {name: short, label: 此前, for: bills, value: '个数(就医记录：先于本项)'}\n"
        "  - {name: long, label: 以前, for: bills, value: '个数(就医记录：序号 < 本项.序号)'}\n"
        "  - {name: in_all, label: 总计, for: member, output: true, value: '合计(就医记录：此前 + 以前)'}\n"
    )
    rules = load(written(tmp_path, terms, policy("是"), facts=facts), cache=False)
    exprs = {one.id.name: one.versions[0][1] for one in rules.program.definitions if one.id.part == "term"}
    assert exprs["short"] == exprs["long"]


def test_a_list_is_named_by_its_label_too(listy: Ruleset) -> None:
    of = {fact.name: fact.level for fact in listy.program.facts}
    assert of["alive"] == of["monthly"] == "supporters"
