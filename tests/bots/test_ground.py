from __future__ import annotations

from pyao.bots.ground import AVOID_LONGEST_S, AVOID_S, Ground

TILE = (1, 50, 50)
NEXT = (1, 51, 50)


def test_a_tile_with_a_bot_on_it_is_not_free() -> None:
    ground = Ground()
    ground.stand("a", (0, 0, 0), TILE)
    assert not ground.is_free(TILE, 0.0)
    ground.stand("a", TILE, NEXT)
    assert ground.is_free(TILE, 0.0)
    assert not ground.is_free(NEXT, 0.0)


def test_leaving_a_tile_another_bot_has_taken_frees_nothing() -> None:
    ground = Ground()
    ground.stand("a", (0, 0, 0), TILE)
    ground.stand("b", (0, 0, 0), TILE)
    ground.leave("a", TILE)
    assert not ground.is_free(TILE, 0.0)


def test_a_refused_tile_is_avoided_for_longer_each_time() -> None:
    ground = Ground()
    ground.refused(TILE, 100.0)
    assert not ground.is_free(TILE, 100.0 + AVOID_S - 0.1)
    assert ground.is_free(TILE, 100.0 + AVOID_S)
    ground.refused(TILE, 200.0)
    assert not ground.is_free(TILE, 200.0 + 2 * AVOID_S - 0.1)


def test_a_wall_is_avoided_for_a_bounded_time() -> None:
    ground = Ground()
    for _ in range(50):
        ground.refused(TILE, 0.0)
    assert ground.is_free(TILE, AVOID_LONGEST_S)
