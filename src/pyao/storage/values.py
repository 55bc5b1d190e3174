"""The two shapes a stored record can have."""

from __future__ import annotations

Hash = dict[str, str]
Value = Hash | str


def storable(text: str) -> str:
    """Return a text both stores can hold: half a surrogate pair is no text and becomes `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")
