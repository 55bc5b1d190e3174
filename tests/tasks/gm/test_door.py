"""Every order has one function behind both doors, a usage, and refuses who may not give it."""

from __future__ import annotations

import pytest
from tests.support.waiting import until
from tests.tasks.conftest import BeginCourt, Court, Start

from pyao.protocol.client_social_packets import Talk
from pyao.protocol.packet_id import GmCommandID
from pyao.protocol.tables import CLIENT_PACKETS
from pyao.rules.kinds import Privilege
from pyao.tasks.gm.door import ORDERS
from pyao.tasks.packet_handlers import TASK_HANDLERS

GM_COMMANDS = 122


def test_every_order_of_the_client_is_answered() -> None:
    unanswered = [
        cls.packet_name
        for cls in CLIENT_PACKETS
        if cls.key // 256 == GM_COMMANDS and cls.key not in TASK_HANDLERS
    ]
    assert unanswered == []
    assert len([one for one in ORDERS.values() if one.packet]) == len(GmCommandID)


@pytest.mark.parametrize("rank", ["player", "counsellor"])
async def test_who_may_not_give_an_order_changes_nothing(
    begin_court: BeginCourt, rank: str
) -> None:
    court = await begin_court(rank)
    refused = [one for one in ORDERS.values() if one.right.least > Privilege.COUNSELLOR]
    for one in refused:
        words = await court.order(f"/{one.word} Ana 1 1 1")
        expected = "may not give the order" if rank == "counsellor" else one.word.split()[0]
        assert expected in words or "Type:" in words, (one.word, words)
    assert court.player.hp == court.player.max_hp
    assert court.running.app.exit_code == 0
    rows = court.game.writer.repository.audit(500)
    assert [row for row in rows if row.get("cause", "").startswith("gm ")] == []


async def test_panelgm_lists_what_one_may_order(court: Court) -> None:
    court.rank("counsellor")
    lines = await court.order("/panelgm")
    assert "/carcel USERNAME@REASON@MINUTES" in lines
    assert "/apagar" not in lines


async def test_an_order_is_no_speech(court: Court) -> None:
    await court.order("/rem I was here")
    assert "I was here" not in await court.heard()
    rows = await court.audited("gm rem")
    assert rows[0]["arguments"] == "I was here"


async def test_a_typed_order_costs_as_much_as_its_packet(start: Start) -> None:
    running = await start()
    gm = await running.newcomer("Gandalf")
    running.player("Gandalf").privileges = int(Privilege.PLAYER | Privilege.GOD)
    gm.send(*(Talk("/usuarios").encode() for _ in range(12)))
    await until(lambda: running.app.server.throttled == 1)
