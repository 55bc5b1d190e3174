"""Changing values inside a YAML text without touching the rest of it.

Comments, order and layout are the operator's: only the characters of a changed value are replaced,
and a new key goes below its neighbours. When the layout leaves no room for that, the text is
written anew from its values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from pyao.config.files import compose

KeyPath = tuple[str, ...]


def set_values(text: str, changes: Mapping[KeyPath, object]) -> str:
    """Return `text` with the value of each key path set; missing tables are made."""
    for path, value in changes.items():
        wanted = _with(_loaded(text) or {}, path, value)
        edited = _set_one(text, path, value)
        text = edited if _values(edited) == wanted else yaml.safe_dump(wanted, sort_keys=False)
    return text


def _values(text: str) -> object:
    try:
        return _loaded(text)
    except yaml.YAMLError:
        return None


def _loaded(text: str) -> Any:  # noqa: ANN401 - as parsed
    root = compose(text)
    return None if root is None else yaml.SafeLoader("").construct_document(root)


def _with(data: Any, path: KeyPath, value: object) -> dict[str, Any]:  # noqa: ANN401 - as parsed
    """Return a copy of nested tables with one value set."""
    table = dict(data) if isinstance(data, dict) else {}
    table[path[0]] = value if len(path) == 1 else _with(table.get(path[0]), path[1:], value)
    return table


def _set_one(text: str, path: KeyPath, value: object) -> str:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for depth, key in enumerate(path):
        if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
            return _replace(text, node, _nested(path[depth:], value), block=depth == 0)
        below = next((pair for pair in node.value if pair[0].value == key), None)
        if below is None:
            return _insert(text, node, path[depth:], value)
        node = below[1]
    return _replace(text, node, value, block=False)


def _replace(text: str, node: yaml.Node | None, value: object, *, block: bool) -> str:
    """Put `value` where `node` stands; at the top of a text without values, as lines below it."""
    if node is None or block:
        lead = text if not text or text.endswith("\n") else text + "\n"
        return lead + yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    start, end = node.start_mark.index, _end(node)
    gap = " " if start == end and not text[start - 1 : start].isspace() else ""
    return text[:start] + gap + _written(value) + text[end:]


def _insert(text: str, table: yaml.MappingNode, path: KeyPath, value: object) -> str:
    """Add a key below the last one of a table written in lines."""
    last = table.value[-1][1]
    newline = text.find("\n", _end(last))
    at = len(text) if newline < 0 else newline + 1
    lead = "" if newline >= 0 else "\n"
    indent = table.value[0][0].start_mark.column
    lines = []
    for depth, key in enumerate(path):
        tail = f" {_written(value)}" if depth == len(path) - 1 else ""
        lines.append(f"{' ' * (indent + 2 * depth)}{_written_key(key)}:{tail}\n")
    return text[:at] + lead + "".join(lines) + text[at:]


def _end(node: yaml.Node) -> int:
    """Return where the characters of a value end; a block's own mark lies behind its comments."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    return int(node.end_mark.index)


def _nested(path: KeyPath, value: object) -> object:
    for key in reversed(path):
        value = {key: value}
    return value


def _written(value: object) -> str:
    """Return a value on one line: JSON, with an escape for each sign YAML takes for a break."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in text)


def _written_key(key: str) -> str:
    return key if key.isidentifier() and yaml.safe_load(key) == key else json.dumps(key)
