"""The two shapes a stored record can have."""

from __future__ import annotations

Hash = dict[str, str]
Value = Hash | str
