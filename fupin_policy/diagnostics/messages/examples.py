"""Messages about the examples beside policies (E4…)."""

from fupin_policy.diagnostics.messages import Message

MESSAGES: dict[str, Message] = {
    "E401": Message(
        "例子“{name}”的户有误：{place}：{zh}",
        'the household of the example "{name}" has a mistake: {place}: {en}',
        "请改正这个例子",
        "correct the example",
    ),
    "E402": Message(
        "例子“{name}”的{key}是 {found}，应为 {wanted}",
        'the example "{name}" gives {key_en} {found_en}, and {wanted_en} is expected',
        "请改正政策，或改正例子",
        "correct the policy, or correct the example",
    ),
    "E403": Message(
        "“{name}”的条件中，没有例子由这一部分决定为{value}",
        'in the condition of "{name}" no example is decided by this part being {value_en}',
        "请在政策旁加一个例子：其他部分都已确定，只有这一部分起作用",
        "add an example beside the policy in which the rest is settled and only this part decides",
    ),
    "E404": Message(
        "“{name}”的这一行没有例子用到",
        'no example uses this row of "{name}"',
        "请在政策旁加一个用到它的例子",
        "add an example beside the policy that uses it",
    ),
    "E405": Message(
        "有 {count} 项政策或目标还没有例子：{names}",
        "{count} policies or targets have no examples yet: {names_en}",
        "请在每一项旁边至少写一个 examples",
        "add at least one example beside each",
    ),
}
