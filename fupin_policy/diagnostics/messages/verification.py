"""What proofs find in a ruleset (V1…)."""

from fupin_policy.diagnostics.messages import Message

_EXPLAIN = (
    "请改正；如果确是文件的意思，在这一项的 note 里写明理由，并写上编号 {code}",
    "correct it; if the document does mean it, say why in the note, and name {code} there",
)

MESSAGES: dict[str, Message] = {
    "V101": Message("“{name}”的条件永远不能满足", 'the condition of "{name_en}" can never hold', *_EXPLAIN),
    "V102": Message("“{name}”的条件总是满足", 'the condition of "{name_en}" always holds', *_EXPLAIN),
    "V103": Message(
        "“{name}”从不适用：凡满足其条件的，都由同组的其他政策优先",
        '"{name_en}" is never granted: whoever fulfils it draws another policy of its group',
        *_EXPLAIN,
    ),
    "V119": Message(
        "“{name}”可能适用于没有任何成员受益的户",
        '"{name_en}" can apply to a household of which nobody benefits',
        *_EXPLAIN,
    ),
    "V104": Message(
        "“{name}”的条件中，“{part}”在其余部分起作用时永远不能满足",
        'in the condition of "{name_en}", "{part_en}" can never hold where it matters',
        *_EXPLAIN,
    ),
    "V105": Message(
        "“{name}”的条件中，“{part}”是多余的：起作用时它总是满足",
        'in the condition of "{name_en}", "{part_en}" is redundant: it always holds where it matters',
        *_EXPLAIN,
    ),
    "V106": Message("“{name}”的这一行永远用不到", 'this row of "{name_en}" can never be used', *_EXPLAIN),
    "V107": Message("“{name}”的表有空当", 'the table of "{name_en}" has a gap', *_EXPLAIN),
    "V108": Message("“{name}”的金额可能是负数", 'the amount of "{name_en}" can be negative', *_EXPLAIN),
    "V109": Message(
        "“{fact}”增加时，“{name}”{does}，而事实声明为待遇不得更多（benefits: never_rise）",
        'when "{fact_en}" rises, "{name_en}" {does_en}, though the fact declares benefits: never_rise',
        *_EXPLAIN,
    ),
    "V110": Message(
        "“{fact}”增加时，“{name}”{does}，而事实声明为待遇不得更少（benefits: never_fall）",
        'when "{fact_en}" rises, "{name_en}" {does_en}, though the fact declares benefits: never_fall',
        *_EXPLAIN,
    ),
    "V111": Message(
        "断崖：“{fact}”每期多 1{unit}（一年 {gain}{unit}），各项金额合计每年少 {lost}{unit}，其中有“{name}”",
        'a cliff: 1 {unit_en} more of "{fact_en}" each time ({gain} a year) loses {lost} a year of all benefits, '
        '"{name_en}" among them',
        *_EXPLAIN,
    ),
    "V112": Message(
        "“{name}”与同组的“{other}”可能同时适用",
        '"{name_en}" and "{other_en}" of the same group can both be granted',
        *_EXPLAIN,
    ),
    "V113": Message(
        "“{name}”与“{other}”都属于待遇“{group}”，可能重复享受",
        '"{name_en}" and "{other_en}" both give the benefit "{group}", and one household can draw both',
        *_EXPLAIN,
    ),
    "V114": Message(
        "两个规则集的货币不同（{before} 与 {after}），金额无法比较",
        "the two rulesets are in different currencies ({before} and {after}): amounts cannot be compared",
        "请把其中一个规则集的 money 改成另一个的货币；不带 --data 的 diff 仍可比较不涉及金额的政策",
        "give both the same 'money', as in {{name: yuan, label: 元, money: CNY}}; "
        "diff without --data still compares policies without money",
    ),
    "V115": Message(
        "两个规则集没有共同施行的日期（{before} 与 {after}），什么也没有比较",
        "the two rulesets have no common day ({before} and {after}): nothing was compared",
        "请核对两个 ruleset.yaml 的 covers，例如 covers: 2019-01-01..2022-12-31",
        "look at 'covers' in both ruleset.yaml files, for example covers: 2019-01-01..2022-12-31",
    ),
    "V118": Message(
        "{seconds} 秒已到，还有 {count} 项没有证明：{names}",
        "after {seconds} seconds {count} subjects are not proved: {names_en}",
        "可加大 --seconds、减少 --members，或把事实的 range 写小",
        "allow more --seconds, fewer --members, or narrow the ranges of facts",
    ),
    "V190": Message(
        "“{name}”的这一问题在时限内没有得出结论：{question}",
        'no answer in time to this question about "{name_en}": {question_en}',
        "可减少 --members，或把事实的 range 写小",
        "use fewer --members, or narrow the ranges of facts",
    ),
}
