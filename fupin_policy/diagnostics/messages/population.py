"""Messages about population files, from which registers are invented (P…)."""

from fupin_policy.diagnostics.messages import Message

MESSAGES: dict[str, Message] = {
    "P001": Message(
        "户和成员没有名为“{name}”的事实",
        'no fact of households or members is called "{name}"',
        "请写 facts 中的中文标签；只供别的条目使用的，用 variable",
        "write a label of the facts; use variable for what only serves other entries",
    ),
    "P002": Message(
        "“{name}”写了两次",
        '"{name}" is given twice',
        "请只留一处",
        "keep one of them",
    ),
    "P003": Message(
        "前面没有可用的“{name}”",
        'no earlier entry that can be used is called "{name}"',
        "请把它的条目移到前面；户的条目只能用户的，times 和 plus 只能用数",
        "move its entry before this one; a household's can use only a household's, times and plus only numbers",
    ),
    "P004": Message(
        "“{value}”不是“{name}”的值",
        '"{value}" is no value of "{name}"',
        "可以写：{known}；留空写“空”",
        "known values: {known}; 空 leaves it empty",
    ),
    "P005": Message(
        "各项比例合计是 {found}%，应是 100%",
        "the shares sum to {found}%, and must to 100%",
        "请改正比例",
        "correct the shares",
    ),
    "P006": Message(
        "“{value}”不是“{name}”的数或范围，或超出 {low}..{high}",
        '"{value}" is no number or range of "{name}", or not within {low}..{high}',
        "写一个数，或像 1000..3000 的范围，小数位数不超过 {decimals}",
        "write a number, or a range such as 1000..3000, with at most {decimals} decimals",
    ),
    "P007": Message(
        "一户有 {found} 人，应在 {least} 至 {most} 之间",
        "a household of {found} members; there must be {least} to {most}",
        "请改正 members，或规则集的 members",
        "correct the members, or those of the ruleset",
    ),
    "P008": Message(
        "文字里不能写“{name}”",
        'a text cannot hold "{name}"',
        "花括号里只能写 字、户、人；户的文字里没有 人",
        "in braces stand only 字 (a character), 户 (the household), 人 (the member, not in a household's text)",
    ),
    "P009": Message(
        "“{name}”应是成员的一个代码事实",
        '"{name}" must be a fact of members that holds one code',
        "请写与户主关系这样的事实",
        "name the fact that holds the relation to the head",
    ),
    "P011": Message(
        "规则集里没有叫“{name}”的明细",
        'the ruleset has no list called "{name}"',
        "名称或标签照规则集的 lists",
        "take the name or label from 'lists' of the ruleset",
    ),
    "P010": Message(
        "这份文件不是 population",
        "this file is no population",
        "开头写 kind: population",
        "begin with kind: population",
    ),
}
