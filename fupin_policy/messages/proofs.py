"""What proofs find in a ruleset (V1…)."""

from fupin_policy.messages import Message

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
        "“{fact}”增加时，“{name}”给得更多，而事实声明为不得更多（benefits: never_rise）",
        'when "{fact_en}" rises, "{name_en}" gives more, though the fact declares benefits: never_rise',
        *_EXPLAIN,
    ),
    "V110": Message(
        "“{fact}”增加时，“{name}”给得更少，而事实声明为不得更少（benefits: never_fall）",
        'when "{fact_en}" rises, "{name_en}" gives less, though the fact declares benefits: never_fall',
        *_EXPLAIN,
    ),
    "V111": Message(
        "断崖：“{fact}”多 1 元，各项金额合计每年少 {lost} 元，超过 1 元，其中有“{name}”",
        'a cliff: one yuan more of "{fact_en}" loses {lost} yuan a year of all benefits, "{name_en}" among them',
        *_EXPLAIN,
    ),
    "V112": Message(
        "“{name}”与同组的“{other}”可能同时适用",
        '"{name_en}" and "{other_en}" of the same group can both be granted',
        *_EXPLAIN,
    ),
    "V113": Message(
        "“{name}”与较早来源的“{other}”给付同一种待遇，可能重复享受",
        '"{name_en}" and "{other_en}", of an earlier source, can both give the same kind of benefit to one household',
        *_EXPLAIN,
    ),
    "V190": Message(
        "“{name}”的这一问题在时限内没有得出结论：{question}",
        'no answer in time to this question about "{name_en}": {question}',
        "可减少 --members，或把事实的 range 写小",
        "use fewer --members, or narrow the ranges of facts",
    ),
}
