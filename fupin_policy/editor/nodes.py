"""What stands around an offset of a file that could be read.

In: a node and an offset. Out: nodes below it. Called by `quick_fixes`, `inlay_hints` and `expression_tokens`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar, YamlSequence


def _inner(node: YamlNode) -> Iterator[YamlNode]:
    match node:
        case YamlMapping(entries):
            yield from (value for _, value in entries)
        case YamlSequence(items):
            yield from items


def scalar_at(node: YamlNode, offset: int) -> YamlScalar | None:
    """The text at an offset."""
    if isinstance(node, YamlScalar):
        return node if node.span.start <= offset <= node.span.end else None
    return next((found for one in _inner(node) if (found := scalar_at(one, offset)) is not None), None)


def mapping_with(node: YamlNode, key: str, offset: int) -> YamlMapping | None:
    """The innermost mapping that has a key and in which an offset stands."""
    inner = next((found for one in _inner(node) if (found := mapping_with(one, key, offset)) is not None), None)
    own = isinstance(node, YamlMapping) and node.get(key) is not None and node.span.start <= offset <= node.span.end
    return node if inner is None and own and isinstance(node, YamlMapping) else inner
