"""Messages about names: what is declared, what is referred to (N…), and on which days (D…)."""

from fupin_policy.messages import Message

MESSAGES: dict[str, Message] = {
    "N101": Message(
        "没有名为“{name}”的事实、术语或代码",
        'nothing is called "{name}"',
        "请先在 facts 或 terms 中声明，或改正拼写",
        "declare it under facts or terms, or correct the spelling",
    ),
    "N102": Message(
        "代码表“{list}”中没有“{name}”",
        'the code list "{list}" has no "{name}"',
        "请使用该代码表中的代码、名称或标签：{known}",
        "use one of the list's codes, names or labels: {known}",
    ),
    "N103": Message(
        "没有名为“{name}”的参数",
        'there is no parameter "{name}"',
        "请先在 parameters 中声明",
        "declare it under parameters",
    ),
    "N104": Message(
        "没有名为“{name}”的政策",
        'there is no policy "{name}"',
        "请写政策的编号（id）或标题",
        "write the id or title of a policy",
    ),
    "N105": Message(
        "没有名为“{name}”的部门",
        'there is no department "{name}"',
        "请先在 departments 中声明",
        "declare it under departments",
    ),
    "N106": Message(
        "没有编号为“{name}”的来源文件",
        'there is no source "{name}"',
        "请先在 sources 中声明",
        "declare it under sources",
    ),
    "N107": Message(
        "来源“{source}”没有“{clause}”这一条款",
        'the source "{source}" has no clause "{clause}"',
        "条款写成“条.款”，例如 4.2",
        "write a clause as article.paragraph, for example 4.2",
    ),
    "N108": Message(
        "没有名为“{name}”的代码表",
        'there is no code list "{name}"',
        "请先在 code_lists 中声明",
        "declare it under code_lists",
    ),
    "N109": Message(
        "不认识单位“{name}”",
        'there is no unit "{name}"',
        "请使用已声明的单位；关键词前后要留空格",
        "use a declared unit; put blanks around keywords",
    ),
    "N110": Message(
        "“{name}”已经用过了",
        '"{name}" is already taken',
        "请另取一个名称；另一处在 {other}",
        "choose another name; the other one is at {other}",
    ),
    "N111": Message(
        "“{name}”不能用作名称",
        '"{name}" cannot be a name',
        "名称由汉字、字母、数字和下划线组成，不以数字开头，也不能是关键词",
        "a name has letters, digits and underscores, does not begin with a digit and is not a keyword",
    ),
    "N112": Message(
        "“{name}”是成员的，在户的规则中不能直接使用",
        '"{name}" belongs to a member and cannot stand by itself in a rule of the household',
        "请写“有成员满足（…）”或“成员合计（…）”等",
        "write 'any member satisfies (…)', 'member_sum(…)' or the like",
    ),
    "N113": Message(
        "“{name}”是文字，规则不能使用",
        '"{name}" is text, which rules cannot use',
        "请改用代码、数字、日期或是否类的事实",
        "use a fact that is a code, number, date or truth",
    ),
    "N114": Message(
        "互相引用，形成循环：{cycle}",
        "these refer to one another in a circle: {cycle}",
        "请去掉其中一处引用",
        "take one of the references away",
    ),
    "N115": Message(
        "没有名为“{name}”的事实",
        'there is no fact "{name}"',
        "请写事实的名称或标签",
        "write the name or label of a fact",
    ),
    "N116": Message(
        "代码表“{list}”有 {count} 个代码，最多 64 个",
        'the code list "{list}" has {count} codes; at most 64 are possible',
        "请把少用的代码合并为“其他”",
        "put codes that are seldom used together as 'other'",
    ),
    "N117": Message(
        "“{name}”一次可有多个代码，不能这样使用",
        '"{name}" holds several codes at once and cannot stand by itself',
        "请写“{name} 包含 代码”",
        "write '{name} contains CODE'",
    ),
    "N118": Message(
        "“{name}”不是一次可有多个代码的事实",
        '"{name}" is not a fact that holds several codes',
        "“包含”只用于 type: codes 的事实；单个代码请写“= ”或“属于”",
        "'contains' is for facts of type codes; for one code write '=' or 'in'",
    ),
    "N119": Message(
        "没有类型为“{kind}”的地点",
        'there are no places of the kind "{kind}"',
        "请在 places 中声明，或改正 kind",
        "declare them under places, or correct the kind",
    ),
    "N120": Message(
        "引用的层数太多",
        "too many definitions refer to one another in a row",
        "请减少术语之间的层层引用",
        "let terms refer to facts more directly",
    ),
    "N121": Message(
        "本规则集必须有且只有一个货币单位（money），现有 {count} 个",
        "a ruleset needs exactly one unit with 'money'; there are {count}",
        "请在 ruleset.yaml 的 units 中声明",
        "declare it under units in ruleset.yaml",
    ),
    "N122": Message(
        "enacted 的值必须写明来源的条款",
        "a value that is enacted must name the clause of its source",
        "例如 source: anfa-2018-31 4.2；文件没有写明的请用 reported 或 example",
        "for example 'source: anfa-2018-31 4.2'; use reported or example for what the source does not state",
    ),
    "D101": Message(
        "“{name}”的两个版本在同一天有效：{first} 与 {second}",
        'two versions of "{name}" are valid on the same day: {first} and {second}',
        "请改正其中一个的 valid",
        "correct the 'valid' of one of them",
    ),
    "D102": Message(
        "“{name}”在 {from_} 至 {to} 没有值，也没有声明 range",
        '"{name}" has no value from {from_} to {to}, and no range is declared',
        "请补上取值，或用 range 声明未知时可能的范围",
        "add a value, or declare with 'range' what it may be while unknown",
    ),
    "D103": Message(
        "covers 必须写明起止日期",
        "'covers' needs both a first and a last day",
        "例如 2018-01-01..2022-12-31",
        "for example 2018-01-01..2022-12-31",
    ),
}
