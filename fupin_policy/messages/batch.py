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
        "请用 .csv、.xlsx、.parquet，或写成 数据库.duckdb:表名、postgresql://用户@主机/库?table=表名",
        "use .csv, .xlsx or .parquet, or write database.duckdb:table or postgresql://user@host/database?table=name",
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
    "B119": Message(
        "Spark 停止了：{problem}",
        "Spark stopped: {problem}",
        "请核对 --master 的地址、Java（17 及以上）和各工作节点上装的 fupin-policy[spark]",
        "check the address of --master, Java (17 or later), and that the workers have fupin-policy[spark]",
    ),
    "B120": Message(
        "工作节点算完了，但结果不在 {folder} 中",
        "the workers are done, but their results are not in {folder}",
        "请把输出放在各节点都能读写的共享文件夹中",
        "put the output into a folder that all workers share",
    ),
    "B130": Message(
        "PostgreSQL 的表的写法读不懂",
        "the address of a table of PostgreSQL cannot be read",
        "请写成 postgresql://用户@主机:5432/库?table=模式.表；密码请放在 ~/.pgpass 里，写在地址里的特殊字符要用 %xx",
        "write postgresql://user@host:5432/database?table=schema.table; keep the password in ~/.pgpass, "
        "or write its special characters as %xx",
    ),
    "B131": Message(
        "连不上数据库：{problem}",
        "the database cannot be reached: {problem}",
        "请核对主机、端口、库、用户和密码（PGPASSWORD 或 ~/.pgpass），用 psql 试试同一个地址",
        "check the host, port, database, user and password (PGPASSWORD or ~/.pgpass); try the same address with psql",
    ),
    "B132": Message(
        "数据库里没有表或视图“{table}”",
        "the database has no table or view {table}",
        "请核对表名和模式，大小写要一致：?table=模式.表",
        "check the table's name and schema, in the same case: ?table=schema.table",
    ),
    "B133": Message(
        "数据库的表“{table}”读不出来：{problem}",
        "the table {table} cannot be read from the database: {problem}",
        "请向数据库的管理员要读取权限（GRANT SELECT），或核对视图",
        "ask the database's people for leave to read (GRANT SELECT), or check the view",
    ),
    "B134": Message(
        "表“{table}”写不进数据库：{problem}",
        "the table {table} cannot be written to the database: {problem}",
        "数据库里没有留下任何东西；请向管理员要建表权限（GRANT CREATE），再运行同一条命令",
        "nothing was left in the database; ask its people for leave to make tables (GRANT CREATE), then run again",
    ),
    "B135": Message(
        "数据库里已经有表“{table}”；它不会被改写",
        "the database has a table {table} already; it is not written to",
        "请换一个表名，或先把它改名、删除",
        "choose another name, or rename or drop the table first",
    ),
}
