"""Messages about the service over HTTP (W…)."""

from fupin_policy.diagnostics.messages import Message

_START = ("请改好再启动", "mend it and start again")

MESSAGES: dict[str, Message] = {
    "W001": Message(
        "请求的正文超过 {limit} 字节",
        "the body of the request is longer than {limit} bytes",
        "请分成几次；许多户用 batch 接口",
        "send it in parts; for many households there is batch",
    ),
    "W002": Message(
        "请求的正文应是一个 JSON 对象",
        "the body of the request must be a JSON object",
        '请写成 {{"household": …, "as_of": "2019-06-30"}} 这样',
        'write it as {{"household": …, "as_of": "2019-06-30"}}',
    ),
    "W003": Message(
        "这里没有“{name}”这一项",
        'there is no "{name}" here',
        "请写下列之一：{known}",
        "write one of: {known}",
    ),
    "W004": Message("缺少“{name}”", '"{name}" is missing', "请写上这一项", "add it"),
    "W005": Message(
        "“{name}”应是{zh}",
        '"{name}" must be {en}',
        "请按接口说明（openapi.json）改写",
        "write it as the interface's description (openapi.json) says",
    ),
    "W006": Message(
        "写进记录的只有按规则集的当作、不带其他要求的决定：去掉 {names}",
        "only a decision with what the rules assume, and nothing else asked, goes into the record: leave out {names}",
        '或写 "record": false，这一次不写进记录',
        'or say "record": false, and this one is not recorded',
    ),
    "W010": Message(
        "没有给出令牌，或令牌不对",
        "there is no token, or not the right one",
        "请在 Authorization 请求头里写 Bearer 和令牌",
        "send the header Authorization with Bearer and the token",
    ),
    "W011": Message("没有这个地址", "there is no such address", "地址列在 openapi.json 里", "openapi.json lists them"),
    "W012": Message(
        "这个地址不接受这种请求方法",
        "this address does not take that method",
        "可用的方法：{allowed}",
        "it takes: {allowed}",
    ),
    "W013": Message(
        "正文的格式不在这里能读的之列",
        "a body of that type is not read here",
        "请把 Content-Type 写成 {known}",
        "send one of these as Content-Type: {known}",
    ),
    "W014": Message(
        "同时的请求已达 {limit} 个",
        "{limit} requests are being answered already",
        "请过一会儿再试",
        "try again in a moment",
    ),
    "W015": Message(
        "{seconds} 秒内没有算完",
        "it was not done within {seconds} seconds",
        "请减少一次所问，或用 --seconds 放宽",
        "ask for less at once, or allow more with --seconds",
    ),
    "W016": Message(
        "{seconds} 秒内没有收到正文的下一部分",
        "nothing more of the body came within {seconds} seconds",
        "请检查网络，再发一次",
        "look to the network and send it again",
    ),
    "W017": Message(
        "没有名为“{name}”的规则集",
        'there is no ruleset called "{name}"',
        "现有：{known}",
        "there are: {known}",
    ),
    "W018": Message(
        "这个主机名不是本机的",
        "that name of a host is not this machine's",
        "没有令牌的服务只答本机：请用 http://127.0.0.1；要让别的机器用，请设令牌",
        "without a token only this machine is answered: use http://127.0.0.1, or set a token for others",
    ),
    "W019": Message(
        "要在本机以外的地址 {host} 上提供服务，必须有令牌",
        "to serve at {host}, beyond this machine, there must be a token",
        "请设环境变量 FUPIN_TOKEN，或用 --token-file 指定文件",
        "set FUPIN_TOKEN in the environment, or name a file with --token-file",
    ),
    "W020": Message(
        "令牌应是 {least} 到 {most} 个不带空白的可见 ASCII 字符",
        "a token must be {least} to {most} visible ASCII characters without blanks",
        "例如 openssl rand -hex 32 的输出",
        "such as what openssl rand -hex 32 prints",
    ),
    "W021": Message(
        "两个规则集同名：{name}",
        "two rulesets have the name {name}",
        *_START,
    ),
    "W022": Message(
        "规则集的名称由 {old} 变成了 {new}；地址随名称而定，所以没有换上",
        "the ruleset's name has changed from {old} to {new}; addresses depend on it, so it was not taken",
        "请改回名称，或重新启动服务",
        "change the name back, or start the service anew",
    ),
    "W023": Message("{name} 应大于 0", "{name} must be above 0", *_START),
    "W024": Message(
        "不能在 {host}:{port} 上提供服务：{problem}",
        "cannot serve at {host}:{port}: {problem}",
        "请换一个端口，或先停下占用它的程序；--port 0 取任一空闲的",
        "choose another port, or stop what holds it; --port 0 takes any free one",
    ),
    "W026": Message(
        "服务本身出错",
        "the service itself failed",
        "请把请求头 X-Request-Id 的值和日志里同一编号的一行报告给我们",
        "report the value of the header X-Request-Id with the line of the log that has it",
    ),
}
