"""Messages about decision records (A1…)."""

from fupin_policy.diagnostics.messages import Message

_STOP = (
    "请从原始备份取回记录；不要手工修改记录",
    "restore the record from a backup; never edit a record by hand",
)

MESSAGES: dict[str, Message] = {
    "A101": Message("这一行不是完整的记录", "this line is no whole entry", *_STOP),
    "A102": Message(
        "这一条的编号是 {found}，应为 {wanted}：有记录被删、被加或调换了次序",
        "this entry is number {found}, and {wanted} is due: entries were removed, added or exchanged",
        *_STOP,
    ),
    "A103": Message(
        "这一条与上一条接不上：上一条被改动过，或两条之间有记录被删、被加",
        "this entry does not follow the one before: that one was altered, or entries between were removed or added",
        *_STOP,
    ),
    "A104": Message("这一条的内容与自己的摘要不符", "this entry's content does not agree with its own hash", *_STOP),
    "A105": Message("住户资料与登记的摘要不符", "the household does not agree with the digest of the input", *_STOP),
    "A106": Message(
        "这一条由另一版规则集作出：{found}；现在的规则集是 {wanted}",
        "this entry was made under another version of the ruleset: {found}; this one is {wanted}",
        "请用 --ruleset 指定当时的规则集",
        "name the ruleset of that time with --ruleset",
    ),
    "A107": Message(
        "重新计算的结果不同：政策 {policy} 的 {field} 记录为 {found}，重算为 {wanted}",
        "evaluated anew the decision differs: {field} of policy {policy} is recorded as {found}, and comes to {wanted}",
        *_STOP,
    ),
    "A108": Message(
        "最后一条的摘要是 {found}，应为 {wanted}：后面的记录被删去，或整份记录被重写",
        "the last entry's hash is {found}, and {wanted} is due: later entries were cut off, or all was written anew",
        *_STOP,
    ),
    "A109": Message(
        "住户资料无法读入：{place}：{zh}",
        "the household cannot be read: {place}: {en}",
        *_STOP,
    ),
    "A110": Message(
        "另一个程序正在写记录 {record}；这些住户没有写进去",
        "another program is writing the record {record}; these households were not written",
        "请等它结束，再运行同一条命令",
        "wait until it is done, and run the same command again",
    ),
    "A111": Message(
        "这一条的基准日写作 {found}，应写作 {wanted}：写下之后被改动过",
        "this entry's date is written {found} and would be {wanted}: it was altered after it was written",
        *_STOP,
    ),
    "A113": Message(
        "文件夹 {folder} 里没有完整的月度记录 {file}，或它写下以后被改动过",
        "the folder {folder} has no whole record of a month, {file}, or it was altered",
        "请写 fupin month 写下的文件夹；改动过的，用当时的资料重算一遍",
        "name a folder that fupin month wrote; of what was altered, make it anew from the data of the time",
    ),
    "A114": Message(
        "{file} 与月度记录里的摘要不符：写下以后被改动、换掉或删去",
        "{file} does not agree with its digest in the month's record: it was altered, replaced or removed",
        "请从备份找回，或用当时的资料重算这个月（--overwrite）",
        "bring it back from a backup, or make the month anew from the data of the time (--overwrite)",
    ),
    "A115": Message(
        "上期 {folder} 的记录不是这一期所接的那一份：上期后来被重算或改动",
        "the record of the month before, {folder}, is not the one that this month follows: it was made anew or altered",
        "上期重算过的，请接着它把以后各期也重算",
        "where it was made anew, make those after it anew as well",
    ),
    "A112": Message(
        "试算不能写进记录：{values}",
        "what is only tried goes into no record: {values}",
        "请不带 --set 运行",
        "run it without --set",
    ),
}
