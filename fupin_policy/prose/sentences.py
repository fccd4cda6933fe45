"""The sentences of explanations with places for what differs: the one source of these words, for hosts too.

In: what stands in the places. Out: texts in both languages. Called by `explanation`, which also writes the table into
artifacts that explain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.declarations import RESULT_OF
from fupin_policy.core.policies import Channel
from fupin_policy.prose.statuses import BY_MEMBER, FORCES, JOINING, MAYBE, OPEN_BODIES, STATUSES
from fupin_policy.prose.wording import ROUNDINGS, TRIAL, TRUTHS, UNITS

CHANNELS: Mapping[Channel, Bilingual] = {
    "application": Bilingual("申请", "by application"),
    "automatic": Bilingual("自动办理，不用申请", "without an application"),
    "referral": Bilingual("由部门转介", "by referral"),
}
_PER = {**PER, "once": Bilingual("一次性", "once")}

SENTENCES: Mapping[str, Bilingual] = {
    # values
    **{f"truth_{bits}": words for bits, words in TRUTHS.items()},
    "between_days": Bilingual("{first} 至 {last}", "{first} to {last}"),
    "comma": Bilingual("、", ", "),
    "either": Bilingual("或", " or "),
    "semicolon": Bilingual("；", "; "),
    # what was found
    **{f"explained_{status.value}": words.explained for status, words in STATUSES.items()},
    "nothing_known": Bilingual("未知", "unknown"),
    "there_is": Bilingual("有", "there is one"),
    "there_is_none": Bilingual("没有", "there is none"),
    "named": Bilingual("{name}：{value}", "{name}: {value}"),
    "no_members": Bilingual("没有成员", "there are no members"),
    "no_member_fits": Bilingual("{count} 名成员均不符", "none of the {count} members"),
    "compared": Bilingual("前者 {first}，后者 {second}", "the former {first}, the latter {second}"),
    "and": Bilingual(" 且 ", " and "),
    "or": Bilingual(" 或 ", " or "),
    "in_parentheses": Bilingual("（{text}）", "({text})"),
    "with_remark": Bilingual("{text}（{remark}）", "{text} ({remark})"),
    "fit": Bilingual("符合", "fit"),
    "chosen": Bilingual("{count} 项{what}", "{count} {what}"),
    "perhaps_chosen": Bilingual("{count} 项待核实", "{count} to be checked"),
    "of_items": Bilingual("{name} {count} 项中 {chosen}", "of {count} {name} {chosen}"),
    "of_items_at_least": Bilingual("{name}至少 {count} 项中 {chosen}", "of at least {count} {name} {chosen}"),
    "items_not_known": Bilingual("不知道有哪些{name}", "which {name} there are is not known"),
    "no_items": Bilingual("没有{name}", "there are no {name}"),
    "no_item_fits": Bilingual("{name} {count} 项均不符合", "none of {count} {name} fit"),
    "item": Bilingual("第{number}项", "item {number}"),
    # reasons
    "that_is": Bilingual("{said}，即{whole}", "{said}, that is, {whole}"),
    "of_which": Bilingual("{said}，其中{deciding}", "{said}, of which {deciding}"),
    "supposed": Bilingual("若{supposed}：{text}", "if {supposed}: {text}"),
    "more_reasons": Bilingual("另有 {count} 条类似的理由。", "and {count} more reasons of the kind."),
    "only_highest": Bilingual(
        "「{group}」中只享受一项（取最高），已由「{other}」优先",
        'of "{group}" only the highest is drawn, and "{other}" takes precedence',
    ),
    "only_first": Bilingual(
        "「{group}」中只享受一项（取在先），已由「{other}」优先",
        'of "{group}" only the first is drawn, and "{other}" takes precedence',
    ),
    "assessed_month_before": Bilingual(
        "次月起享受：按截至 {before} 的情况认定",
        "It begins in the month after: what counts is how things stood on {before}",
    ),
    "assessed_same_month": Bilingual(
        "按整月享受：截至 {end} 或截至 {before} 的情况符合即可",
        "It is given for whole months: as things are on {end} or were on {before}",
    ),
    "not_in_force": Bilingual(
        "{day} 时该政策不在施行期内。施行期：{spans}", "The policy is not in force on {day}. In force: {spans}"
    ),
    # lines of an explanation
    **{f"heading_{status.value}": words.heading for status, words in STATUSES.items()},
    **{f"force_{force}": words.said for force, words in FORCES.items()},
    "colon": Bilingual("：", ": "),
    "holds_0": Bilingual("不满足", "not met"),
    "holds_2": Bilingual("待核实", "to be checked"),
    "holds_3": Bilingual("满足", "met"),
    "found_0": Bilingual("实际：{value}", "in fact {value}"),
    "found_2": Bilingual("只知道：{value}", "all that is known: {value}"),
    "found_3": Bilingual("实际：{value}", "in fact {value}"),
    "assumed_all": Bilingual("当作：{value}", "assumed {value}"),
    "assumed_some": Bilingual("有的是当作的：{value}", "some of it assumed: {value}"),
    "not_known_yet": Bilingual("尚不知道", "not known yet"),
    "result_of": RESULT_OF,
    "not_given": Bilingual("没有给出，因而当作", "not given, and so assumed"),
    "whom": Bilingual("哪些成员受益", "which members benefit"),
    "whom_pays": Bilingual("哪些成员要缴", "which members pay"),
    "which_department": Bilingual("由哪个部门负责", "which department answers"),
    "benefiting": Bilingual("受益人", "beneficiaries"),
    "perhaps_benefiting": Bilingual("可能的受益人", "possible beneficiaries"),
    "paying": Bilingual("由谁缴", "who pays"),
    "perhaps_paying": Bilingual("可能由谁缴", "who may pay"),
    "among": Bilingual("这一户属于", "the household is among them"),
    "not_among": Bilingual("这一户不属于", "the household is not among them"),
    "perhaps_among": Bilingual("这一户是否属于待核实", "whether the household is among them is to be checked"),
    "for": Bilingual("面向", "for"),
    "section": Bilingual("栏目", "section"),
    "force": Bilingual("效力", "force"),
    "amount": Bilingual("金额", "amount"),
    **{
        f"amount_per_{per}": Bilingual(f"{words.zh} {{amount}}", f"{{amount}} {words.en}")
        for per, words in _PER.items()
    },
    "lead": Bilingual("牵头部门", "lead"),
    "cooperating": Bilingual("配合部门", "cooperating"),
    "by_member": BY_MEMBER,
    "open_departments": OPEN_BODIES,
    "possibly": MAYBE,
    "cooperating_with": Bilingual(f"{JOINING.zh} {{bodies}}", f"{JOINING.en} {{bodies}}"),
    "to_obtain": Bilingual("办理", "to obtain it"),
    **{f"by_{how}": words for how, words in CHANNELS.items()},
    "where_to_go": Bilingual("受理部门：{where}", "at {where}"),
    "bring": Bilingual("材料：{names}", "bring: {names}"),
    "document_if": Bilingual("{name}（如{when}）", "{name} (where {when})"),
    "settled_in_1": Bilingual("1 天内办结", "settled within 1 day"),
    "settled_in": Bilingual("{days} 天内办结", "settled within {days} days"),
    "settled_in_1_working": Bilingual("1 个工作日内办结", "settled within 1 working day"),
    "settled_in_working": Bilingual("{days} 个工作日内办结", "settled within {days} working days"),
    "telephone": Bilingual("电话：{phone}", "telephone {phone}"),
    "basis": Bilingual("依据", "basis"),
    "missing": Bilingual("缺少", "missing"),
    "quoted": Bilingual("「{name}」", '"{name}"'),
    "of_member": Bilingual("{member} 的{text}", "{member}'s {text}"),
    "which_option": Bilingual("「{name}」取哪一种", 'which option of "{name}" is taken'),
    "value_of": Bilingual("「{name}」的数值", 'the value of "{name}"'),
    "from_number": Bilingual("由{number}得出：{facts}", "from the {number}: {facts}"),
    "trial": TRIAL,
    "figures_used": Bilingual("所用标准：", "figures used:"),
    "provisional": Bilingual("暂定：有的数值并非文件规定", "provisional: not all figures are enacted"),
    "written_in": Bilingual("规则原文：", "written in:"),
    # sums
    "count": Bilingual("计入", "count"),
    "does_not_count": Bilingual("{which}不计：{why}", "{which} does not count: {why}"),
    "this_row": Bilingual("这一行", "this row"),
    "otherwise": Bilingual("其他情况", "in all other cases"),
    "is_eligible": Bilingual("符合", "eligible"),
    "is_not_eligible": Bilingual("不符合", "not eligible"),
    "to_be_checked": Bilingual("待核实", "to be checked"),
    "persons_to_be_checked": Bilingual("{persons} 待核实", "{persons} to be checked"),
    "no_row_fits": Bilingual("各行都不符合", "no row fits"),
    "no_such_item": Bilingual("没有这样的项", "no such item"),
    "no_such_member": Bilingual("没有这样的成员", "no such member"),
    "if": Bilingual("若{condition}", "if {condition}"),
    "highest_row": Bilingual("取最高的一行：{asked}", "the highest row is kept: {asked}"),
    "in_slices": Bilingual("分段：{name} {value}", "in slices: {name}, {value}"),
    "slice_between": Bilingual("{ends}的部分", "{ends}"),
    "slice_above": Bilingual("{ends}以上的部分", "above {ends}"),
    "in_this_slice": Bilingual("落在这一段", "in this slice"),
    "further_items": Bilingual("其他各项", "further items"),
    "a_further_item": Bilingual("另一项", "a further item"),
    "more_items": Bilingual("其余 {count} 项", "{count} more"),
    "more_persons": Bilingual("其余 {count} 人", "{count} more persons"),
    "more_person": Bilingual("其余 {count} 人", "{count} more person"),
    "at_most_in_all": Bilingual("合计不超过", "at most in all"),
    "not_below_zero": Bilingual("不低于零", "not below zero"),
    "what_members_get": Bilingual("成员合计", "what members get, "),
    "title_beside": Bilingual("「{title}」", '"{title}" '),
    "highest_of": Bilingual("「{group}」取最高，另有{others}", 'the highest of "{group}", beside {others}'),
    **{
        f"weighed_{per}": Bilingual(f"{{name}}{often.zh} {{value}}", f"{{name}}{{value}} {often.en}")
        for per, often in PER.items()
    },
    "weighed": Bilingual("{name}{value}", "{name}{value}"),
    "calculation": Bilingual("计算", "calculation"),
    "earlier_lines": Bilingual("（前面还有 {count} 行没有列出）", "({count} lines before these are not shown)"),
    "item_of_list": Bilingual("{list}{item}", "{list}, {item}"),
    "within_condition": Bilingual("按条件{ends}", "by the condition {ends}"),
    "within_together": Bilingual("各数互有联系，{ends}", "as the figures hang together {ends}"),
    "no_less": Bilingual("不小于 {end}", "at least {end}"),
    "no_more": Bilingual("不大于 {end}", "at most {end}"),
    "ends_and": Bilingual("、", " and "),
    "least_of": Bilingual("较小(", "the least of ("),
    "greatest_of": Bilingual("较大(", "the greatest of ("),
    "or_else": Bilingual("或 ", "or "),
    **{
        f"rounded_{how.value}": Bilingual(f"{words.zh} {{step}}", f"{words.en} {{step}}")
        for how, words in ROUNDINGS.items()
    },
    "person_unit": Bilingual("人", "person"),
    "persons_unit": UNITS["person"],
    # the row that gave a date
    "latest_row": Bilingual("取最晚的一行：{rows}", "the latest row is kept: {rows}"),
    "open_row": Bilingual("取哪一行待定：{rows}", "it is open which of these rows is kept: {rows}"),
    "no_row": Bilingual("各行都不符合，取其他情况：{rows}", "no row fits, and otherwise it is: {rows}"),
    "row": Bilingual("{asked}（{gives}）", "{asked} ({gives})"),
    "row_to_be_checked": Bilingual("{asked}（{gives}，待核实）", "{asked} ({gives}, to be checked)"),
}


def sentence(name: str, /, **parts: Bilingual | str | int) -> Bilingual:
    """A sentence by its name in both languages; a part that is no text in both is the same in either."""
    words = SENTENCES[name]
    zh = {key: part.zh if isinstance(part, Bilingual) else part for key, part in parts.items()}
    en = {key: part.en if isinstance(part, Bilingual) else part for key, part in parts.items()}
    return Bilingual(words.zh.format(**zh), words.en.format(**en))


def semicolons(parts: Iterable[Bilingual]) -> Bilingual:
    """Several texts as one."""
    parts = list(parts)
    return Bilingual("；".join(one.zh for one in parts), "; ".join(one.en for one in parts))
