"""Messages of the expression language (S…): data only.

Used by language/parser.py and language/syntax_errors.py.
"""

from fupin_policy.diagnostics.messages import Message

MESSAGES: dict[str, Message] = {
    "S001": Message(
        "这里应有表达式，却是空的",
        "an expression is expected here, but there is none",
        "写出条件或数值，例如 年龄 >= 60",
        "write a condition or a value, such as age >= 60",
    ),
    "S002": Message(
        "表达式里不能有字符“{found}”",
        'the character "{found}" cannot be used in an expression',
        "删去“{found}”；如果它是代码的一部分，请把整个代码放在双引号里",
        'delete "{found}"; if it belongs to a code, put the whole code in double quotes',
    ),
    "S003": Message(
        "“{before}”后面不能接“{found}”",
        '"{found}" cannot follow "{before}"',
        "这里可以写：{expected}；或者给前面的部分加上括号再写“{found}”",
        'here could stand: {expected}; or put what is before in parentheses and then write "{found}"',
    ),
    "S004": Message(
        "“{before}”后面缺少一个值，却是“{found}”",
        'a value is missing after "{before}": "{found}" comes instead',
        "在“{before}”和“{found}”之间补上名称、数或条件，或者删去“{before}”",
        'write a name, a number or a condition between "{before}" and "{found}", or delete "{before}"',
    ),
    "S005": Message(
        "表达式在“{before}”之后就结束了，后面缺少一个值",
        'the expression ends after "{before}", where a value is missing',
        "在“{before}”后面补上名称、数或条件，或者删去“{before}”",
        'write a name, a number or a condition after "{before}", or delete "{before}"',
    ),
    "S006": Message(
        "表达式没有写完",
        "the expression is not finished",
        "接下来还要有：{expected}",
        "here must follow: {expected}",
    ),
    "S007": Message(
        "括号“{found}”没有配对的右括号",
        'the bracket "{found}" is never closed',
        "补上右括号，或者删去“{found}”",
        'add the closing bracket, or delete "{found}"',
    ),
    "S008": Message(
        "括号“{found}”没有配对的左括号",
        'the bracket "{found}" was never opened',
        "补上左括号，或者删去“{found}”",
        'add the opening bracket, or delete "{found}"',
    ),
    "S009": Message(
        "左括号是“{opened}”，右括号却是“{found}”",
        'the bracket opened as "{opened}" is closed as "{found}"',
        "圆括号配圆括号，大括号配大括号",
        "close a parenthesis with a parenthesis and a brace with a brace",
    ),
    "S010": Message(
        "表达式嵌套太深，最多 {limit} 层",
        "the expression is nested too deeply; at most {limit} levels are allowed",
        "把里面的部分写成单独的定义，再用它的名称",
        "make the inner part a term of its own and use its name",
    ),
    "S011": Message(
        "表达式太长，最多 {limit} 个字符",
        "the expression is too long; at most {limit} characters are allowed",
        "把它分成几个定义，再用它们的名称",
        "divide it into several terms and use their names",
    ),
    "S012": Message(
        "“{found}”不是日历上的日期",
        '"{found}" is not a date in the calendar',
        "日期写作 2019-06-30 或 2019年6月30日；如果是减法，请在减号两边加空格",
        "write a date as 2019-06-30; if this is a subtraction, put blanks around the minus sign",
    ),
    "S013": Message(
        "数“{found}”不能以 0 开头",
        'the number "{found}" cannot begin with 0',
        "数不用逗号分节，也不在前面补 0；如果是代码，请放在双引号里",
        "write numbers without commas and without leading zeros; put a code in double quotes",
    ),
    "S014": Message(
        "表达式太长，最多 {limit} 个词和符号",
        "the expression is too long; at most {limit} words and signs are allowed",
        "把它分成几个定义，再用它们的名称",
        "divide it into several terms and use their names",
    ),
    "S015": Message(
        "引号 {found} 没有配对，或者不是双引号",
        "the quote {found} is not paired, or is not a double quote",
        '把代码放在一对双引号里，写在同一行，例如 "3-1"',
        'put the code between two double quotes on one line, such as "3-1"',
    ),
    "S016": Message(
        "“{before}”后面应是名称",
        'a name must follow "{before}"',
        "写出名称；含有特殊字符的名称请放在双引号里；关键词不能作名称",
        "write the name; put one with odd characters in double quotes; a keyword cannot be a name",
    ),
    "S017": Message(
        "这里不能以“{found}”开头",
        '"{found}" cannot come first here',
        "在“{found}”前面补上名称、数或条件，或者删去它",
        'write a name, a number or a condition before "{found}", or delete it',
    ),
    "S018": Message(
        "比较不能连写：第二个“{found}”不知道比较什么",
        'comparisons cannot be chained: it is not clear what the second "{found}" compares',
        "写成 年龄 在 18..60，或者用“且”连接两个比较",
        "write age in 18..60, or join two comparisons with `and`",
    ),
    "S019": Message(
        "“{before}”和“{found}”之间缺少运算符",
        'an operator is missing between "{before}" and "{found}"',
        "在两者之间写上 且、或、=、>=、+、× 等，并在关键词两边加空格",
        "write and, or, =, >=, +, * or the like between them, with blanks around keywords",
    ),
    "S020": Message(
        "金额“{found}”里不写周期",
        'the period does not belong into the amount "{found}"',
        "金额只写数和单位，周期写在 per 里：amount: 200元, per: month",
        "write the number with its unit, and the period under 'per': amount: 200元, per: month",
    ),
    "S021": Message(
        "“{found}”不是关键词：英文关键词用小写",
        '"{found}" is no keyword: English keywords are in lower case',
        "改成小写，例如 and、or、not",
        "write it in lower case, such as and, or, not",
    ),
    "S022": Message(
        "“{before}”后面不能接“{found}”：条件之间不用逗号和顿号连接",
        '"{found}" cannot follow "{before}": commas do not join conditions',
        "两个条件都要成立写“且”，一个成立即可写“或”；列出几个值写 {{一级, 二级}}，在列表里各项用半角逗号加空格分开",
        "write `and` where both must hold, `or` where one is enough; list values as {{one, two}}",
    ),
    "S023": Message(
        "数“{before}”里的“{found}”把它分成了两段",
        'the "{found}" cuts the number "{before}" in two',
        "数不用逗号分节，例如 1820元",
        "write numbers without commas, such as 1820 yuan",
    ),
    "S024": Message(
        "没有名为“{name}”的函数",
        'there is no function "{name}"',
        "可用的有：{known}；取整写 费用 ÷ 3 四舍五入到 分；上月的值写 工资(上月)",
        "there are: {known_en}; to round, write cost / 3 rounded to fen; for last month's value wage(last month)",
    ),
    "S030": Message(
        "“{found}”里的时段有好几个月（年），要写明怎样合在一起",
        'the window of "{found}" has several months or years, and it is not said what is made of them',
        "例如 合计(工资, 近12个月)、平均(工资, 近12个月) 四舍五入到 分；只看一个月写 工资(上月)",
        "write total(wage, last 12 months), or average(…) rounded to fen; of one month, wage(last month)",
    ),
    "S031": Message(
        "“{found}”里没有写明是哪几个月（年）",
        '"{found}" does not say which months or years',
        "写 近12个月（连本月）、前12个月（不连本月）、本年，或 近3年、前3年；最多 60 个",
        "write last 12 months (with this one), previous 12 months (without), this year, last 3 years; 60 at most",
    ),
    "S025": Message(
        "“{found}”不是每年都有的月日",
        '"{found}" is no month and day of every year',
        "月日写两位数，不带年份，例如 最近的(09-01, 基准日)、参数.低保标准(截至 09-01)",
        "write two digits each, without a year, such as last(09-01, as_of) or parameter.line(as of 09-01)",
    ),
    "S026": Message(
        "2 月 29 日不是每年都有，不能作为每年的起点",
        "29 February does not come every year, so that nothing can begin on it each year",
        "请写 02-28 或 03-01，例如 最近的(03-01, 基准日)、参数.低保标准(截至 03-01)",
        "write 02-28 or 03-01, such as last(03-01, as_of) or parameter.line(as of 03-01)",
    ),
}
