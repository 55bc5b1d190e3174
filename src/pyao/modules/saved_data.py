"""What modules remember between two starts of the server: small records of text by key.

Everything is in memory and written by the snapshot writer in the same cut as the game, so a reward
and the note that it was given are stored together or not at all. Unloading a module keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from pyao.errors import ModuleError

MAX_RECORDS: Final = 100_000  # of one module
MAX_RECORD_CHARS: Final = 16_384
MAX_KEY_CHARS: Final = 128

Record = Mapping[str, str]


class SavedData:
    """The records of all modules. `mark_dirty(module, key)` tells the snapshot writer."""

    def __init__(
        self,
        mark_dirty: Callable[[str, str], None],
        saved: Mapping[str, Mapping[str, Record]] | None = None,
    ) -> None:
        self._mark_dirty = mark_dirty
        self._records = {
            module: {key: dict(record) for key, record in records.items()}
            for module, records in (saved or {}).items()
        }

    def get(self, module: str, key: str) -> dict[str, str]:
        """Return a copy of a record; empty when there is none."""
        return dict(self._records.get(module, {}).get(key, {}))

    def put(self, module: str, key: str, record: Record) -> None:
        """Replace a record; an empty one deletes it. ModuleError says which limit was passed."""
        records = self._records.setdefault(module, {})
        if not 0 < len(key) <= MAX_KEY_CHARS:
            raise ModuleError(f"key {key[:140]!r}: expected 1 to {MAX_KEY_CHARS} characters")
        texts = {str(name): str(value) for name, value in record.items()}
        if sum(len(name) + len(value) for name, value in texts.items()) > MAX_RECORD_CHARS:
            raise ModuleError(f"record {key!r} is longer than {MAX_RECORD_CHARS} characters")
        if texts and key not in records and len(records) >= MAX_RECORDS:
            raise ModuleError(f"module {module} has {MAX_RECORDS} records already")
        if records.get(key, {}) == texts:
            return
        if texts:
            records[key] = texts
        else:
            records.pop(key, None)
        self._mark_dirty(module, key)

    def __iter__(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Go through all records: module, key, and a copy of the record."""
        for module, records in self._records.items():
            for key, record in records.items():
                yield module, key, dict(record)

    def keys(self, module: str) -> list[str]:
        """Return the keys of a module's records, in order."""
        return sorted(self._records.get(module, ()))
