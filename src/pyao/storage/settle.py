"""Settling: after a loss that was accepted, bring the ledger to what is there, with a line each."""

from __future__ import annotations

import time
from typing import Final

from pyao.storage.ledger import Stock, rows_for
from pyao.storage.owner import Owner
from pyao.storage.repository import Cut, Repository, Stamp
from pyao.storage.stocktaking import Findings

CAUSE: Final = "settled"


def settle(store: Repository) -> Findings:
    """Write a line for each difference and return what a stocktaking finds after that.

    Raises `StorageConflict` while a server owns the store.
    """
    stamp = store.claim(Owner.this_process("pyao-server storage audit")).stamp
    try:
        found = store.take_stock()
        stock: Stock = {(one.holder, one.item): one.stored - one.told for one in found.differences}
        if not stock:
            return found
        rows = rows_for(stock, CAUSE, "0", int(time.time()))
        stamp = Stamp(stamp.epoch, stamp.number + 1)
        store.commit(Cut(stamp, {}, rows))
        return store.take_stock()
    finally:
        store.release(stamp)
