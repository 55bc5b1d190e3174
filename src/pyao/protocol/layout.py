"""Layouts: the annotations of a packet class, compiled once into its reader and writer.

Reading has three outcomes: the values, `Incomplete`, `Malformed`. The decoder turns the last two
into "need more" and ProtocolViolation; neither leaves this package. Writing raises only ValueError
that names the field and what it accepts (TypeError for a wrong number of values).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Protocol, get_args, get_origin, get_type_hints

import msgspec

from pyao.protocol.text import encode_list_item
from pyao.protocol.wire import (
    MAX_STRING_BYTES,
    Counted,
    Record,
    Scalar,
    Text,
    TextList,
    Times,
)

Encode = Callable[[str], bytes]

STRUCT_REFUSALS = (struct.error, OverflowError, TypeError)
"""What a struct raises for a value it cannot hold."""


class Incomplete(Exception):  # noqa: N818 - an outcome, not a mistake
    """The bytes end inside the packet; `need` is the nearest end that could complete it."""

    def __init__(self, need: int) -> None:
        self.need = need


class Malformed(Exception):  # noqa: N818 - an outcome, not a mistake
    """The bytes are not this packet, whatever follows them."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A list: the layout of one item, and a fixed number of times or the count before it."""

    layout: Layout
    record: type[Record] | None
    times: int | None
    by: Scalar | None


Kind = Scalar | Text | TextList | Repeat


@dataclass(frozen=True, slots=True)
class Field:
    """One named value and how it lies on the wire."""

    name: str
    kind: Kind

    @property
    def secret(self) -> bool:
        """Whether its value never shows in a log."""
        return isinstance(self.kind, Text) and self.kind.secret

    @property
    def typed(self) -> bool:
        """Whether a player typed it: a command perhaps, with a secret behind its word."""
        return isinstance(self.kind, Text) and self.kind.typed


class _Step(Protocol):
    """A part of a layout: neighbouring scalars, or one value of variable length."""

    def read(self, data: bytes, pos: int, values: list[object]) -> int: ...

    def write(self, values: Sequence[object], encode: Encode, parts: list[bytes]) -> None: ...


class _Scalars:
    """Neighbouring scalars, read and written by one struct."""

    def __init__(self, owner: str, first: int, fields: Sequence[Field]) -> None:
        self._owner = owner
        self._fields = fields
        self._part = slice(first, first + len(fields))
        self._struct = struct.Struct("<" + _codes(fields))

    def read(self, data: bytes, pos: int, values: list[object]) -> int:
        end = pos + self._struct.size
        if end > len(data):
            raise Incomplete(end)
        values += self._struct.unpack_from(data, pos)
        return end

    def write(self, values: Sequence[object], encode: Encode, parts: list[bytes]) -> None:
        del encode  # numbers have no text
        own = values[self._part]
        try:
            parts.append(self._struct.pack(*own))
        except STRUCT_REFUSALS as error:
            raise wrong_value(self._owner, self._fields, own, error) from None


class _String:
    """One string, read as Latin-1, which is what the client writes."""

    def __init__(self, owner: str, at: int, name: str) -> None:
        self._where = f"{owner}.{name}"
        self._at = at

    def read(self, data: bytes, pos: int, values: list[object]) -> int:
        start, end = _string_bounds(self._where, data, pos)
        values.append(str(data[start:end], "latin-1"))
        return end

    def write(self, values: Sequence[object], encode: Encode, parts: list[bytes]) -> None:
        text = values[self._at]
        if not isinstance(text, str):
            raise _not(self._where, "a string", text)
        parts.append(_string_bytes(self._where, encode(text)))


class _StringList:
    """One NUL-separated list."""

    def __init__(self, owner: str, at: int, name: str) -> None:
        self._where = f"{owner}.{name}"
        self._at = at

    def read(self, data: bytes, pos: int, values: list[object]) -> int:
        start, end = _string_bounds(self._where, data, pos)
        raw = str(data[start:end], "latin-1")
        values.append(raw.removesuffix("\0").split("\0") if raw else [])
        return end

    def write(self, values: Sequence[object], encode: Encode, parts: list[bytes]) -> None:
        del encode  # lists have an encoding of their own
        items = _items(self._where, values[self._at])
        if not all(isinstance(item, str) for item in items):
            raise _not(self._where, "a list of strings", items)
        bodies = [encode_list_item(str(item)) for item in items]
        # Only an empty last item needs a NUL of its own to be seen.
        ending = b"\0" if bodies and not bodies[-1] else b""
        parts.append(_string_bytes(self._where, b"\0".join(bodies) + ending))


class _List:
    """One list of records, numbers or strings."""

    def __init__(self, owner: str, at: int, name: str, kind: Repeat) -> None:
        self._where = f"{owner}.{name}"
        self._at = at
        self._kind = kind

    def read(self, data: bytes, pos: int, values: list[object]) -> int:
        times, pos = self._times(data, pos)
        read = self._kind.layout.read
        record = self._kind.record
        items: list[object] = []
        for _ in range(times):
            item, pos = read(data, pos)
            items.append(record(*item) if record else item[0])
        values.append(items)
        return pos

    def _times(self, data: bytes, pos: int) -> tuple[int, int]:
        by = self._kind.by
        if by is None:
            return self._kind.times or 0, pos
        end = pos + by.width
        if end > len(data):
            raise Incomplete(end)
        times = int.from_bytes(data[pos:end], "little", signed=by.low < 0)
        if times < 0:
            raise Malformed(f"{self._where} has a negative count ({times})")
        return times, end

    def write(self, values: Sequence[object], encode: Encode, parts: list[bytes]) -> None:
        items = _items(self._where, values[self._at])
        by, times = self._kind.by, self._kind.times
        if times is not None and len(items) != times:
            raise ValueError(f"{self._where} must have exactly {times} items, got {len(items)}")
        if by is not None:
            if len(items) > by.high:
                raise ValueError(f"{self._where} must have 0 to {by.high} items, got {len(items)}")
            parts.append(len(items).to_bytes(by.width, "little"))
        for item in items:
            row = msgspec.structs.astuple(item) if isinstance(item, Record) else (item,)
            parts.append(self._kind.layout.write(row, encode))


class Layout:
    """The fields of one packet (or record) in wire order, behind the fixed bytes of its id."""

    def __init__(self, owner: str, fields: Sequence[Field], prefix: bytes = b"") -> None:
        self.owner = owner
        self.fields = tuple(fields)
        self.prefix = prefix
        self.size = _constant_size(self.fields, len(prefix))
        self.flat: struct.Struct | None = None
        """Id and values in one struct, when every field is a scalar."""
        self.flat_payload: struct.Struct | None = None
        """The same with the id as padding, to read the values from the start of the packet."""
        if all(isinstance(field.kind, Scalar) for field in self.fields):
            codes = _codes(self.fields)
            self.flat = struct.Struct("<" + "B" * len(prefix) + codes)
            self.flat_payload = struct.Struct("<" + "x" * len(prefix) + codes)
        self._steps = _steps(owner, self.fields)
        self._around_text = _around_text(self.fields, len(prefix))

    def read(self, data: bytes, pos: int) -> tuple[list[object], int]:
        """Read the values that start at `pos`, behind the id; return them and where they end."""
        values: list[object] = []
        for step in self._steps:
            pos = step.read(data, pos, values)
        return values, pos

    def write(self, values: Sequence[object], encode: Encode) -> bytes:
        """Return the id and the values as bytes."""
        if len(values) != len(self.fields):
            raise _wrong_number(self.owner, self.fields, values)
        if self._around_text is not None:
            at, head, tail = self._around_text
            text = values[at]
            if isinstance(text, str):
                body = encode(text)
                try:
                    first = head.pack(*self.prefix, *values[:at], len(body))
                    return first + body + tail.pack(*values[at + 1 :])
                except STRUCT_REFUSALS:
                    pass  # the long way says what is wrong
        parts = [self.prefix]
        for step in self._steps:
            step.write(values, encode, parts)
        return b"".join(parts)


def layout_of(cls: type[msgspec.Struct], owner: str, prefix: bytes = b"") -> Layout:
    """Compile the annotations of a packet or record class."""
    hints = get_type_hints(cls, include_extras=True)
    fields = [Field(name, _kind(f"{owner}.{name}", hints[name])) for name in cls.__struct_fields__]
    return Layout(owner, fields, prefix)


def wrong_value(
    owner: str, fields: Sequence[Field], values: Sequence[object], cause: Exception
) -> Exception:
    """Explain why a struct refused `values`."""
    if len(values) != len(fields):
        return _wrong_number(owner, fields, values)
    for field, value in zip(fields, values, strict=True):
        if isinstance(field.kind, Scalar) and (problem := field.kind.problem(value)):
            return ValueError(f"{owner}.{field.name} {problem}")
    return ValueError(f"{owner}: {cause}")


def _wrong_number(owner: str, fields: Sequence[Field], values: Sequence[object]) -> TypeError:
    names = ", ".join(field.name for field in fields)
    return TypeError(f"{owner} takes {names or 'nothing'}; got {len(values)} values")


def _kind(where: str, annotation: object) -> Kind:
    """Return the kind of field that an annotation such as `U8` names."""
    if get_origin(annotation) is not Annotated:
        raise TypeError(f"{where} must be annotated with a field type of pyao.protocol.wire")
    plain, mark = get_args(annotation)
    if isinstance(mark, (Scalar, Text, TextList)):
        return mark
    if not isinstance(mark, (Times, Counted)):
        raise TypeError(f"{where} has the unknown mark {mark!r}")
    (item,) = get_args(plain)
    times = mark.count if isinstance(mark, Times) else None
    by = mark.by if isinstance(mark, Counted) else None
    if isinstance(item, type) and issubclass(item, Record):
        return Repeat(layout_of(item, where), item, times, by)
    return Repeat(Layout(where, [Field("item", _kind(where, item))]), None, times, by)


def _steps(owner: str, fields: Sequence[Field]) -> tuple[_Step, ...]:
    """Cut the fields into runs of scalars and single values of variable length."""
    cuts = [i for i, field in enumerate(fields) if not isinstance(field.kind, Scalar)]
    steps: list[_Step] = []
    for before, cut in pairwise([-1, *cuts, len(fields)]):
        if before + 1 < cut:
            steps.append(_Scalars(owner, before + 1, fields[before + 1 : cut]))
        if cut < len(fields):
            steps.append(_variable_step(owner, cut, fields[cut]))
    return tuple(steps)


def _around_text(
    fields: Sequence[Field], prefix: int
) -> tuple[int, struct.Struct, struct.Struct] | None:
    """Return where the only string is, and what packs all before and behind it, or None.

    A third of the cost of the long way, for every character that comes into view and every line.
    """
    texts = [at for at, field in enumerate(fields) if not isinstance(field.kind, Scalar)]
    if len(texts) != 1 or not isinstance(fields[texts[0]].kind, Text):
        return None
    (at,) = texts
    head = struct.Struct("<" + "B" * prefix + _codes(fields[:at]) + "h")
    return at, head, struct.Struct("<" + _codes(fields[at + 1 :]))


def _variable_step(owner: str, at: int, field: Field) -> _Step:
    if isinstance(field.kind, Repeat):
        return _List(owner, at, field.name, field.kind)
    if isinstance(field.kind, TextList):
        return _StringList(owner, at, field.name)
    return _String(owner, at, field.name)


def _codes(fields: Sequence[Field]) -> str:
    return "".join(field.kind.code for field in fields if isinstance(field.kind, Scalar))


def _constant_size(fields: Sequence[Field], prefix: int) -> int | None:
    """Return the bytes that prefix and fields always take, or None when that varies."""
    total = prefix
    for field in fields:
        kind = field.kind
        if isinstance(kind, Scalar):
            total += kind.width
        elif isinstance(kind, Repeat) and kind.times is not None and kind.layout.size is not None:
            total += kind.times * kind.layout.size
        else:
            return None
    return total


def _items(where: str, value: object) -> Sequence[object]:
    if isinstance(value, (list, tuple)):
        return value
    raise _not(where, "a list", value)


def _not(where: str, wanted: str, value: object) -> ValueError:
    return ValueError(f"{where} must be {wanted}, got {value!r}")


def _string_bounds(where: str, data: bytes, pos: int) -> tuple[int, int]:
    """Return where the bytes of the string at `pos` start and end."""
    start = pos + 2
    if start > len(data):
        raise Incomplete(start)
    length = int.from_bytes(data[pos:start], "little", signed=True)
    if length < 0:
        raise Malformed(f"{where} has a negative length ({length})")
    end = start + length
    if end > len(data):
        raise Incomplete(end)
    return start, end


def _string_bytes(where: str, body: bytes) -> bytes:
    if len(body) > MAX_STRING_BYTES:
        raise ValueError(f"{where} must be at most {MAX_STRING_BYTES} bytes, got {len(body)}")
    return len(body).to_bytes(2, "little") + body
