"""What libyaml says of a text that is no YAML, and what it most often means for someone who edits rules: data only."""

YAML_PROBLEMS: dict[str, tuple[str, str]] = {
    "mapping values are not allowed in this context": (
        "此处不能再有冒号加空格（含冒号的内容要加引号，或缩进不齐）",
        "no second colon and blank may stand here (quote text that holds one, or align the lines)",
    ),
    "found character that cannot start any token": (
        "此处不能以这个字符开头（@、`、% 要加引号，缩进要用空格，不能用制表符）",
        "nothing begins with this character (quote @, ` and %, and indent with blanks, never with tabs)",
    ),
    "found a tab character that violates indentation": (
        "缩进要用空格，不能用制表符",
        "indent with blanks, never with tabs",
    ),
    "found a tab character where an indentation space is expected": (
        "缩进要用空格，不能用制表符",
        "indent with blanks, never with tabs",
    ),
    "found unexpected end of stream": ("引号没有配对", "a quote is not closed"),
    "did not find expected ',' or ']'": ("方括号没有配对，或缺逗号", "a ] or a comma is missing"),
    "did not find expected ',' or '}'": ("花括号没有配对，或缺逗号", "a } or a comma is missing"),
    "did not find expected comment or line break": (
        "此处的 > 或 | 后面不能写内容（以 > 开头或以引号开头的表达式要整个加单引号）",
        "nothing can follow > or | here (put '…' around an expression that begins with one of them or with a quote)",
    ),
    "did not find expected key": (
        "此处应是下一个键（请检查缩进；以括号或引号开头的表达式要整个加单引号）",
        "the next key was expected here (align the lines; put '…' around an expression that begins with a bracket)",
    ),
    "did not find expected node content": (
        "此处缺内容，例如多写了逗号",
        "something is missing, as after a comma too many",
    ),
    "could not find expected ':'": ("键的后面缺冒号和空格", "a colon and a blank are missing after a key"),
    "found unknown escape character": (
        "双引号里的反斜杠写法不对，请改用单引号",
        "this backslash means nothing within double quotes, use single ones",
    ),
    "did not find expected '-' indicator": (
        "列表的每一项都要对齐并以“- ”开头",
        "each item of a list begins with '- ' in the same column",
    ),
    "block sequence entries are not allowed in this context": (
        "此处不能以“- ”开始列表，请另起一行",
        "a list cannot begin here, put it on a line of its own",
    ),
    "did not find expected <document start>": (
        "此处的内容不属于上面任何一个键，请检查缩进",
        "this belongs to none of the keys above, check the indentation",
    ),
}
