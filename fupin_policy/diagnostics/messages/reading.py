"""Messages about files: as YAML (Y1…), and as documents of their kind (Y2…)."""

from fupin_policy.diagnostics.messages import Message

MESSAGES: dict[str, Message] = {
    "Y101": Message(
        "文件超过 {most} MiB", "the file is larger than {most} MiB", "请拆成几个文件", "split it into several files"
    ),
    "Y102": Message(
        "文件不是 UTF-8 编码（第 {byte} 字节起）",
        "the file is not UTF-8 (from byte {byte} on)",
        "请在编辑器中另存为 UTF-8",
        "save it as UTF-8 in your editor",
    ),
    "Y103": Message(
        "不是正确的 YAML：{problem}",
        "this is not correct YAML: {problem_en}",
        "请检查缩进、冒号后的空格、引号和括号",
        "check the indentation, the blank after a colon, quotes and brackets",
    ),
    "Y104": Message(
        "不能使用 & 或 * 引用",
        "anchors and aliases (& and *) cannot be used",
        "请直接写出内容",
        "write the content out",
    ),
    "Y105": Message("不能使用 ! 标签", "tags (!) cannot be used", "请去掉标签", "leave the tag out"),
    "Y106": Message("键“{key}”写了两次", 'the key "{key}" is given twice', "请删去其中一个", "delete one of the two"),
    "Y107": Message(
        "嵌套超过 {most} 层", "this is nested more than {most} levels deep", "请减少嵌套", "nest less deeply"
    ),
    "Y108": Message(
        "一个文件只能有一份内容",
        "a file holds one document only",
        "请删去 --- 或另存一个文件",
        "delete the --- or use another file",
    ),
    "Y109": Message("文件是空的", "the file is empty", "请写入内容或删除文件", "write something into it or delete it"),
    "Y110": Message("键必须是文字", "a key must be text", "请写成“键: 值”", "write 'key: value'"),
    "Y111": Message("“{value}”不是日期", '"{value}" is not a date', "请写成 {sample}", "write it as {sample}"),
    "Y112": Message("起始日在终止日之后", "the first day is after the last", "请对调两端", "swap them"),
    "Y113": Message(
        "文件没有写明种类 kind",
        "the file does not say its kind",
        "请在开头写 kind: 其中之一：{known}",
        "begin it with kind: one of {known}",
    ),
    "Y114": Message(
        "文件夹“{folder}”里没有规则集",
        'there is no ruleset in the folder "{folder}"',
        "请指明含有 ruleset.yaml 的文件夹",
        "name a folder that holds a ruleset.yaml",
    ),
    "Y115": Message(
        "缺少 kind: ruleset 的文件",
        "there is no document of kind: ruleset",
        "请添加 ruleset.yaml",
        "add a ruleset.yaml",
    ),
    "Y116": Message(
        "只能有一个 kind: ruleset 的文件", "there can be one document of kind: ruleset", "请删去一个", "delete one"
    ),
    "Y117": Message(
        "文件读不出来，或者不是普通文件",
        "the file cannot be read, or is no regular file",
        "请检查文件权限，或它所指的文件是否还在；管道和设备不能作为规则文件",
        "check that you may read it, and that what it points to is still there; pipes and devices are no rules",
    ),
    "Y118": Message(
        "文件夹“{folder}”里的 YAML 文件超过 {files} 个，或总共超过 {most} MiB",
        'the folder "{folder}" has more than {files} YAML files, or more than {most} MiB of them',
        "请指明规则集自己的文件夹",
        "name the folder of the ruleset itself",
    ),
    "Y120": Message(
        "引号 {quote} 没有配对",
        "the quote {quote} is not closed",
        "请在这段文字的末尾补上 {quote}，或者删去开头的引号",
        "close it with {quote} where the text ends, or delete the quote in front",
    ),
    "Y121": Message(
        "“{key}”后面的冒号写成了“{found}”，或者冒号后面没有空格",
        'after "{key}" stands "{found}", where a colon and a blank should be',
        "请写成 {key}: …，用半角冒号，后面空一格",
        "write '{key}: …', with a colon and a blank",
    ),
    "Y122": Message(
        "弯引号成了文字的一部分：{value}",
        "curly quotes have become part of the text: {value}",
        "要加引号请用直引号 '…'，否则请删去",
        "use straight quotes '…' to quote, or delete them",
        "warning",
    ),
    "Y123": Message(
        "列表的各项不能用“{found}”分开",
        'the items of a list cannot be separated by "{found}"',
        "请用半角逗号加空格分开，例如 [县财政局, 各乡镇]；“{found}”若是名称的一部分，请给这一项加引号",
        'put a comma and a blank between them, as in [one, two]; if "{found}" belongs to a name, quote the whole item',
    ),
    "Y124": Message(
        "“{value}”中的逗号把一个数分成了两段",
        'the comma in "{value}" cuts the number in two',
        "数不用逗号分节，例如 1820",
        "write numbers without commas, such as 1820",
    ),
    "Y125": Message(
        "日历上没有“{value}”这一天：{why}",
        'there is no day "{value}" in the calendar: {why_en}',
        "请改成存在的日期",
        "write a day that exists",
    ),
    "Y126": Message(
        "“{value}”两端的日期之间应写两个半角句点",
        'two full stops must stand between the two dates of "{value}"',
        "请写成 {right}",
        "write it as {right}",
    ),
    "Y127": Message(
        "文字里有看不见的字符或控制字符：{found}",
        "there are hidden or control signs in the text: {found}",
        "请删去它们；从别处复制来的文字，请重新键入",
        "delete them; type anew what was copied from elsewhere",
    ),
    "Y128": Message(
        "要继承的规则集“{folder}”不是含有规则的文件夹",
        'the ruleset to be extended, "{folder}", is no folder with rules',
        "请写从本文件夹到它的路径，例如 extends: ../anqiu；随附的规则集写 extends: 随附",
        "write the way to it from this folder, as extends: ../anqiu; the one that comes with the package is shipped",
    ),
    "Y129": Message(
        "规则集的继承绕成了圈：“{folder}”又继承了本规则集",
        'rulesets extend each other in a circle: "{folder}" is already one of those that extend it',
        "请让其中一个不写 extends",
        "one of them must do without extends",
    ),
    "Y130": Message(
        "“{folder}”与本规则集的文件夹一个套着一个",
        'one of "{folder}" and the folder of this ruleset lies within the other',
        "请把两个规则集放在并列的文件夹里，例如 extends: ../anqiu",
        "put the two in folders beside each other, as in extends: ../anqiu",
    ),
    "Y131": Message(
        "继承超过 {most} 层",
        "rulesets extend each other more than {most} levels deep",
        "请直接继承更上层的规则集",
        "extend one that is further up",
    ),
    "Y132": Message(
        "上级规则集中没有要{action}的“{name}”",
        'there is no "{name}" to {action_en} in the ruleset that this one extends',
        "请核对编号或英文名；新的条目不写 replace、remove",
        "look at the id or the English name; what is new is written without replace or remove",
    ),
    "Y133": Message(
        "上级规则集中已有“{name}”",
        'the ruleset that this one extends already has "{name}"',
        "整条换掉请加 replace: 是；只补充新的一段请只写它的名称和 values、versions 或例子",
        "write replace: true to put this in its place; to add to it, give its name and values or versions only",
    ),
    "Y134": Message(
        "要删去的“{name}”又写了别的内容",
        'there is more in the entry that removes "{name}"',
        "请只写编号（或英文名）和 remove: 是",
        "give nothing but the id (or English name) and remove: true",
    ),
    "Y135": Message(
        "“{name}”在本规则集里改了两次",
        '"{name}" is changed twice in this ruleset',
        "请合写成一条，或者两处只加不同日子的值、版本；另一处在 {other}",
        "make one entry of the two, or let both only add values or versions for days apart; the other is at {other}",
    ),
    "Y136": Message(
        "“{name}”是上级规则集中“{other}”的中文名或标题",
        '"{name}" is what the ruleset that this one extends calls "{other}"',
        "要改那一条，请写它的编号或英文名“{other}”；是新的条目，请另取名称",
        "to change that entry write its id or English name, {other}; give a new entry another name",
    ),
    "Y137": Message(
        "没有加引号，里面的逗号把“{value}”切成了几段",
        'the commas cut "{value}" in pieces, as it is not quoted',
        "请给整个内容加单引号：'{value}'",
        "put quotes around all of it: '{value}'",
    ),
    "Y201": Message("不认识键“{key}”", 'there is no key "{key}" here', "可用的键：{known}", "the keys are: {known}"),
    "Y202": Message(
        "缺少键“{key}”", 'the key "{key}" is missing', "请补上，例如 {sample}", "add it, for example {sample}"
    ),
    "Y203": Message("这里应是{wanted}", "this should be {wanted_en}", "请写成 {sample}", "write it as {sample}"),
    "Y204": Message(
        "“{value}”不在可选之列", '"{value}" is not one of the choices', "可选：{known}", "the choices are: {known}"
    ),
    "Y205": Message(
        "这里不能为空",
        "this must not be empty",
        "请至少写一项，例如 {sample}",
        "write at least one, for example {sample}",
    ),
    "Y206": Message(
        "“{value}”的写法不对",
        '"{value}" is not written as it should be',
        "请按此写法：{form}",
        "write it as: {form_en}",
    ),
    "Y207": Message(
        "下列键应写且只写一个：{known}",
        "exactly one of these keys should stand here: {known}",
        "请补上一个，或删去多余的",
        "add one, or delete what is too much",
    ),
    "Y208": Message(
        "这里至少要有 {least} 项",
        "at least {least} items are needed here",
        "请补上缺少的项，例如 {sample}",
        "add what is missing, for example {sample}",
    ),
    "Y209": Message(
        "数字 {value} 超出 {least} 到 {most}",
        "the number {value} is not within {least} to {most}",
        "请改成范围内的数字",
        "write a number within it",
    ),
}
