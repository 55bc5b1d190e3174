"""Giving and taking by hand in a running server, with the lines of the ledger that belong to it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pyao.app import App
from pyao.rules.character import Section
from pyao.storage import records
from pyao.storage.ledger import Stock, add, held_in_all, rows_for
from pyao.storage.stocktaking import Findings
from pyao.world import Player


def holdings(player: Player) -> Stock:
    """Return what a player has."""
    return held_in_all(records.sections(player, Section.everything()))


@contextlib.contextmanager
def changed_by_hand(app: App, *players: Player) -> Iterator[None]:
    """Let a test change what players have; the difference is written into the ledger."""
    changes = app.game.changes
    changes.snapshot()
    before: Stock = {}
    for player in players:
        add(before, holdings(player).items(), -1)
    yield
    for player in players:
        add(before, holdings(player).items())
        app.game.world.mark(player, Section.everything())
    for row in rows_for(before, "by hand", "0", 1):
        changes.note(row)
    changes.snapshot()


async def check_ledger(app: App) -> Findings:
    """Check that every cut so far had its lines, and that what is stored agrees with them."""
    app.game.changes.snapshot()
    assert await app.writer.drain(10)
    assert app.writer.books.unexplained == 0
    found = app.writer.repository.take_stock()
    assert found.balanced, found
    return found
