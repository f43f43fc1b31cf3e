"""Small changes in the text of a YAML inventory: comments, order and layout stay as they are.

Places come from the marks of the YAML composer. What was made is read again and compared with what was meant; a layout
that cannot be edited safely is refused.
"""

import json
from collections.abc import Mapping, Sequence

import yaml

from ipv6check.files.yamlfile import parse_yaml
from ipv6check.sources.harvest import SourceTrouble
from ipv6check.sources.merge import Change

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ADVICE = "write it in block style first, as `ipv6check inventory convert` does"
Edit = tuple[int, int, str]


def edited(
    text: str, *, file: str, changes: Mapping[int, Change], assets: Sequence[str], agencies: Sequence[str]
) -> str:
    """The text with fields of assets changed (by position) and entries added at the end of ``assets`` and ``agencies``.

    Raises SourceTrouble if the layout does not allow it.
    """
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    body = body.replace("\r\n", "\n")
    if not body.endswith("\n"):
        body += "\n"
    root = yaml.compose(body, Loader=_LOADER)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise SourceTrouble(f"{file}: is not laid out in block style; {_ADVICE}")
    sections = {key.value: (key, value) for key, value in root.value}
    edits: list[Edit] = []
    listed = sections["assets"][1] if "assets" in sections else None
    items = listed.value if isinstance(listed, yaml.SequenceNode) else []
    for index, change in changes.items():
        edits += _field_edits(body, items[index], change, file)
    for name, entries in (("agencies", agencies), ("assets", assets)):
        if entries:
            edits.append(_added(body, sections, name, entries, file))
    made = _applied(body, edits)
    _verify(body, made, file, changes, len(assets), len(agencies))
    return mark + (made.replace("\n", "\r\n") if "\r\n" in text else made)


def _applied(body: str, edits: Sequence[Edit]) -> str:
    """The text with all edits; of two at one place the first given comes first (a field of the last asset, then new
    assets)."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [body[at:start], new]
        at = end
    return "".join([*pieces, body[at:]])


def _field_edits(body: str, item: yaml.Node, change: Change, file: str) -> list[Edit]:
    if not isinstance(item, yaml.MappingNode):
        raise SourceTrouble(f"{file}:{item.start_mark.line + 1}: cannot be edited; {_ADVICE}")
    edits: list[Edit] = []
    have = {key.value: (key, value) for key, value in item.value}
    fresh: list[str] = []
    for name, value in change.items():
        if name in have:
            edits.append(_replaced(body, item, have[name], value))
        elif value is not None:
            fresh.append(f"{name}: {_yaml(value)}")
    if fresh and item.flow_style:
        place = item.end_mark.index - 1
        before = body[item.start_mark.index + 1 : place].rstrip()
        glue = "" if not before or before.endswith(",") else ", "
        start = item.start_mark.index + 1 + len(before)
        edits.append((start, place, glue + ", ".join(fresh)))
    elif fresh:
        place = _end_of(body, item)
        indent = " " * item.start_mark.column
        edits.append((place, place, "".join(f"{indent}{line}\n" for line in fresh)))
    return edits


def _replaced(body: str, item: yaml.Node, pair: tuple[yaml.Node, yaml.Node], value: object) -> Edit:
    key, old = pair
    if value is None:
        # Taken away as an empty value, which reads as not given; the layout around it stays.
        return (old.start_mark.index, old.end_mark.index, "null")
    if isinstance(old, yaml.CollectionNode) and not old.flow_style:
        return (key.end_mark.index, _end_of(body, old), f": {_yaml(value)}\n")
    if isinstance(old, yaml.ScalarNode) and old.style in ("|", ">"):
        return (key.end_mark.index, old.end_mark.index, f": {_yaml(value)}\n")
    space = " " if old.start_mark.index == key.end_mark.index + 1 else ""
    return (old.start_mark.index, old.end_mark.index, f"{space}{_yaml(value)}")


def _end_of(body: str, node: yaml.Node) -> int:
    """Where the line ends on which the last thing of ``node`` stands; past the line break."""
    last = _last(node)
    if last and body[last - 1] == "\n":
        return last
    return body.index("\n", last) + 1


def _last(node: yaml.Node) -> int:
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        parts = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
        return max(_last(part) for part in parts)
    return int(node.end_mark.index)


def _added(
    body: str, sections: Mapping[str, tuple[yaml.Node, yaml.Node]], name: str, entries: Sequence[str], file: str
) -> Edit:
    if name not in sections:
        place = sections["assets"][0].start_mark.index if name == "agencies" and "assets" in sections else len(body)
        return (place, place, f"{name}:\n" + "".join(f"  - {entry}\n" for entry in entries))
    key, node = sections[name]
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        indent = " " * node.start_mark.column
        place = _end_of(body, node)
        return (place, place, "".join(f"{indent}- {entry}\n" for entry in entries))
    if node.value in ([], "", "~", "null"):
        place = body.index("\n", max(key.end_mark.index, node.end_mark.index)) + 1
        tail = body[node.end_mark.index : place] if node.value == [] else body[key.end_mark.index + 1 : place]
        tail = tail if "#" in tail else "\n"
        return (key.end_mark.index, place, ":" + tail + "".join(f"  - {entry}\n" for entry in entries))
    raise SourceTrouble(f"{file}:{node.start_mark.line + 1}: {name} is a list in brackets; {_ADVICE}")


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _verify(
    before: str, after: str, file: str, changes: Mapping[int, Change], new_assets: int, new_agencies: int
) -> None:
    """What was made must read as what was meant, and as nothing else."""
    old, new = (parse_yaml(one.encode(), file=file).value for one in (before, after))
    assert isinstance(old, dict), "the caller read this file as an inventory"
    assert isinstance(new, dict), "an edit never changes what a file is"
    was, now = old.get("assets") or [], new.get("assets") or []
    assert isinstance(was, list), "the caller read this file as an inventory"
    expected = []
    for index, asset in enumerate(was):
        change = changes.get(index, {})
        assert isinstance(asset, dict), "the caller read this file as an inventory"
        expected.append({**asset, **{name: _plain(value) for name, value in change.items()}})
    rest = {key for key in old if key not in ("assets", "agencies")}
    good = (
        isinstance(now, list)
        and now[: len(was)] == expected
        and len(now) == len(was) + new_assets
        and len(new.get("agencies") or []) == len(old.get("agencies") or []) + new_agencies
        and all(old[key] == new.get(key) for key in rest)
    )
    if not good:
        raise SourceTrouble(f"{file}: is laid out in a way that cannot be edited safely; {_ADVICE}")


def _plain(value: object) -> object:
    """A value as the reader gives it back: every scalar is text."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value if value is None else str(value)
