"""What modules remember between two starts."""

from __future__ import annotations

import pytest

from pyao.errors import ModuleError
from pyao.modules import SavedData
from pyao.modules.saved_data import MAX_RECORDS


def test_records_are_text_and_belong_to_their_module() -> None:
    dirty: list[tuple[str, str]] = []
    data = SavedData(lambda module, key: dirty.append((module, key)), {"m": {"old": {"a": "1"}}})
    data.put("m", "ana", {"day": "3"})
    data.put("m", "ana", {"day": "3"})
    data.put("other", "ana", {"day": "4"})
    assert data.get("m", "old") == {"a": "1"}
    assert data.get("m", "ana") == {"day": "3"}
    assert data.get("m", "nobody") == {}
    assert data.keys("m") == ["ana", "old"]
    assert dirty == [("m", "ana"), ("other", "ana")]


def test_a_copy_is_given_and_an_empty_record_is_deleted() -> None:
    data = SavedData(lambda _module, _key: None)
    data.put("m", "ana", {"day": "3"})
    data.get("m", "ana")["day"] = "9"
    assert data.get("m", "ana") == {"day": "3"}
    data.put("m", "ana", {})
    data.put("m", "nobody", {})
    assert data.keys("m") == []


def test_limits_are_named() -> None:
    data = SavedData(lambda _module, _key: None)
    with pytest.raises(ModuleError, match="expected 1 to 128"):
        data.put("m", "", {"a": "1"})
    with pytest.raises(ModuleError, match="longer than 16384"):
        data.put("m", "k", {"a": "x" * 20_000})
    full = SavedData(lambda _m, _k: None, {"m": {str(n): {"a": "1"} for n in range(MAX_RECORDS)}})
    with pytest.raises(ModuleError, match="records already"):
        full.put("m", "more", {"a": "1"})
    full.put("m", "1", {"a": "2"})
