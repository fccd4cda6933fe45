"""Messages of stage C, reading a compiled ruleset and making a C library of it: code → text in both languages."""

from __future__ import annotations

from fupin_policy.diagnostics.messages import Message

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
    "C020": Message(
        "这不是 fupin compile 写出的 WebAssembly 模块",
        'this is no WebAssembly module made by "fupin compile"',
        "请给出 fupin compile 写出的 .wasm 文件",
        'give the .wasm file that "fupin compile" wrote',
    ),
    "C021": Message(
        "模块末尾没有校验和：它由较早的版本编译，或没有传完整",
        "the module does not end with a checksum: an earlier version compiled it, or it is cut short",
        "请用 fupin compile 重新编译，或重新传送文件",
        'compile it again with "fupin compile", or copy the file again',
    ),
    "C022": Message(
        "模块与它的校验和不符：编译之后被改动过",
        "the module does not agree with its checksum: it was changed after it was compiled",
        "请不要使用；用 fupin compile 重新编译，或重新传送文件",
        'do not use it; compile it again with "fupin compile", or copy the file again',
    ),
    "C023": Message(
        "模块的接口是第 {abi} 版，这里只读第 {known} 版",
        "the module has version {abi} of the interface, and version {known} is read here",
        "请用同一版本的 fupin 重新编译",
        "compile it again with the same version of fupin",
    ),
}
