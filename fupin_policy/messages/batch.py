"""Messages about many households at once (B…): batches, mappings of columns, runs and their files."""

from fupin_policy.messages import Message

MESSAGES: dict[str, Message] = {
    "B101": Message(
        "这一户不能用：{zh}（{code}）",
        "the household cannot be used: {en} ({code})",
        "请改正这一户，或用 decide 取得其余各户的结果和被拒的行",
        "correct the household, or call decide for the others' results and the rejected rows",
    ),
    "B102": Message(
        "所在的户有其他问题，整户未作决定",
        "the household has other faults and was not decided",
        "请改正这一户的其他各行，再运行一次",
        "correct the other rows of the household and run again",
    ),
    "B103": Message(
        "表头“{column}”不是已登记的事实，也没有对照",
        'the header "{column}" is no registered fact and has no mapping',
        "请用 fupin map 生成对照文件，把它对照到事实，或列入 ignored",
        "make a mapping with fupin map, and map the header to a fact or list it under ignored",
    ),
    "B104": Message(
        "对照文件写了表头“{column}”，但 {file} 中没有",
        'the mapping names the header "{column}", but {file} has none such',
        "请核对表头的写法",
        "check how the header is written",
    ),
    "B105": Message(
        "{file} 中没有 {what} 的列",
        "{file} has no column for {what_en}",
        "请在对照文件中写明是哪一列",
        "say in the mapping which column it is",
    ),
    "B106": Message(
        "“{name}”不是这张表可用的事实",
        '"{name}" is not a fact that this table may have',
        "请从 facts 文件中选用事实的名称",
        "use the name of a fact from the facts files",
    ),
    "B107": Message(
        "事实“{name}”对照了两列：“{first}”和“{second}”",
        'the fact "{name}" is mapped from two columns, "{first}" and "{second}"',
        "请只保留一列，另一列列入 ignored",
        "keep one of them, and list the other under ignored",
    ),
    "B108": Message(
        "不认识 {file} 的格式",
        "the form of {file} is not known",
        "请用 .csv、.xlsx、.parquet，或写成 数据库.duckdb:表名",
        "use .csv, .xlsx or .parquet, or write database.duckdb:table",
    ),
    "B109": Message(
        "{work} 里是另一次运行的中间结果：输入、规则或选项不同",
        "{work} holds the work of another run: its input, rules or options differ",
        "请加 --restart 重新开始，或换一个输出文件",
        "add --restart to begin anew, or choose another output",
    ),
    "B110": Message(
        "{file} 读不出来：{problem}",
        "{file} cannot be read: {problem}",
        "请用原来的程序重新导出这个文件",
        "export the file again from where it comes",
    ),
    "B111": Message(
        "这一行有 {count} 格，表头有 {columns} 格",
        "this row has {count} cells, the header has {columns}",
        "请核对这一行的逗号和引号",
        "check the commas and quotation marks of this row",
    ),
    "B112": Message(
        "{file} 已经存在；数据库不会被覆盖",
        "{file} exists; a database is not overwritten",
        "请换一个文件名，或先移走它",
        "choose another name, or move it away first",
    ),
    "B113": Message(
        "{file} 不是 fupin run 的结果，或缺少列 {columns}",
        "{file} is no result of fupin run, or lacks the columns {columns}",
        "请用 fupin run 的 Parquet 结果（长表）",
        "give the long Parquet result of fupin run",
    ),
    "B114": Message(
        "缺少可选的程序包 {package}",
        "the optional package {package} is not installed",
        "请运行 pip install 'fupin-policy[{extra}]'",
        "run pip install 'fupin-policy[{extra}]'",
    ),
    "B115": Message(
        "{file} 的表头“{column}”写了两次",
        'the header "{column}" stands twice in {file}',
        "请改其中一个的名称，或删去重复的列",
        "rename one of them, or remove the repeated column",
    ),
    "B116": Message(
        "{file} 里没有表“{table}”",
        "{file} has no table {table}",
        "请写成 数据库.duckdb:表名",
        "write database.duckdb:table",
    ),
    "B117": Message(
        "没有政策“{name}”",
        'there is no policy "{name}"',
        "请写政策的编号，见 fupin check 和政策文件",
        "write a policy's id, as in the policy files",
    ),
    "B118": Message(
        "{file} 是用另一套规则（{digest}）算出的",
        "{file} was made with other rules ({digest})",
        "请用 --ruleset 指明那套规则，或重新运行 fupin run",
        "name those rules with --ruleset, or run fupin run again",
    ),
}
