"""Messages about the examples beside policies (E4…)."""

from fupin_policy.messages import Message

MESSAGES: dict[str, Message] = {
    "E401": Message(
        "例子“{name}”的户有误：{place}：{zh}",
        'the household of the example "{name}" has a mistake: {place}: {en}',
        "请改正这个例子",
        "correct the example",
    ),
    "E402": Message(
        "例子“{name}”的 {key} 是 {found}，应为 {wanted}",
        'the example "{name}" gives {key} {found}, and {wanted} is expected',
        "请改正政策，或改正例子",
        "correct the policy, or correct the example",
    ),
}
