"""A diagnostic as lines of text: both languages, the place, the line with a caret, the advice.

In: a diagnostic. Out: text. Called by the command line and by the errors themselves.
"""

from __future__ import annotations

from fupin_policy.diagnostics.diagnostic import Diagnostic, place_of
from fupin_policy.diagnostics.positions import Span, line_of, locate
from fupin_policy.diagnostics.showing import shown, width_of

_MAX_QUOTED = 160
"""Characters of a line that are shown."""


def render(diagnostic: Diagnostic) -> str:
    """A diagnostic as several lines of text: both languages, the place, the line with a caret, the advice."""
    label_zh, label_en = ("错误", "error") if diagnostic.severity == "error" else ("警告", "warning")
    head = [
        f"{label_zh} {diagnostic.code}  {diagnostic.sentence('zh')}",
        f"{label_en} {diagnostic.code}  {diagnostic.sentence('en')}",
        f"  --> {diagnostic.place}",
    ]
    quoted = [] if diagnostic.span is None else _quote(diagnostic.span)
    advice = f" = 建议 / help: {diagnostic.advice('zh')} / {diagnostic.advice('en')}"
    cause = diagnostic.cause
    changed = [] if cause is None else [f" = 起因 / cause: {place_of(cause)}: {shown(line_of(cause)[:_MAX_QUOTED])}"]
    return "\n".join([*head, *quoted, *changed, advice])


def _quote(span: Span) -> list[str]:
    """The line in which a span begins, as much of it as fits around the place, with carets below."""
    text = span.source.text
    position = locate(span.source, span.start)
    line_start = span.start - position.column + 1
    line_end = text.find("\n", span.start)
    line_end = len(text) if line_end < 0 else line_end - (text[line_end - 1 : line_end] == "\r")
    first = max(line_start, span.start - _MAX_QUOTED // 2)
    last = min(line_end, first + _MAX_QUOTED)
    end = max(span.start, min(last, span.end))
    before, marked, after = shown(text[first : span.start]), shown(text[span.start : end]), shown(text[end:last])
    before = f"…{before}" if first > line_start else before
    number = str(position.line)
    gutter = " " * len(number)
    carets = "^" * max(1, width_of(marked))
    quoted = f"{before}{marked}{after}{'…' if last < line_end else ''}"
    return [f"{gutter} |", f"{number} | {quoted}", f"{gutter} | {' ' * width_of(before)}{carets}"]
