"""Messages of stage C, making a C library of a compiled ruleset: code → text in both languages."""

from __future__ import annotations

from fupin_policy.messages import Message

MESSAGES = {
    "C001": Message(
        "找不到 wasm2c，不能写出 C 程序库",
        "wasm2c was not found, so no C library can be written",
        "请安装：pip install 'fupin-policy[hosts]'，或 apt-get install wabt",
        "install it: pip install 'fupin-policy[hosts]', or apt-get install wabt",
    ),
    "C002": Message(
        "wasm2c（版本 {version}）写出的内容与所知的不同：{unknown}",
        "wasm2c (version {version}) wrote something else than is known: {unknown}",
        "已试过 1.0.32 和 1.0.42 两个版本，请改用其中之一",
        "1.0.32 and 1.0.42 are known to work; use one of them",
    ),
}
