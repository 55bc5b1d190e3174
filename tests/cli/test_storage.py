"""`pyao-server storage` where no server runs; see also integration/test_storage_commands.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.commands import invoke


def test_a_backup_that_is_none_is_refused(tmp_path: Path) -> None:
    ended = invoke("storage", "verify", "nothing.db", "--storage", "sqlite", cwd=tmp_path)
    assert (ended.code, "expected a file" in ended.stderr) == (2, True)


@pytest.mark.parametrize("settling", [False, True])
def test_an_empty_world_adds_up(tmp_path: Path, *, settling: bool) -> None:
    words = ["--settle"] if settling else []
    folder = str(tmp_path / "data")
    (tmp_path / "data").mkdir()
    ended = invoke(
        "storage", "audit", *words, "--storage", "sqlite", "--data-dir", folder, cwd=tmp_path
    )
    assert (ended.code, "0 differences" in ended.stdout) == (0, True), ended
