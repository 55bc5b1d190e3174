from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from pyao.content.collision import SEAL, load_collision, save_collision
from pyao.content.sealed import write_sealed
from pyao.content.world_data import PLAIN, TILES
from pyao.errors import ContentError


def test_ground_kept_comes_back(tmp_path: Path) -> None:
    ground = {1: PLAIN, 290: bytes([1]) * TILES}
    save_collision(ground, tmp_path / "ground")
    assert load_collision(tmp_path / "ground") == ground


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", msgspec.msgpack.encode([1]), msgspec.msgpack.encode({1: b"short"})]
)
def test_a_sealed_file_that_is_no_ground_is_refused(tmp_path: Path, body: bytes) -> None:
    write_sealed(tmp_path / "ground", SEAL, body)
    with pytest.raises(ContentError, match="import it again"):
        load_collision(tmp_path / "ground")
