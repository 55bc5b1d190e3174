"""What players ask of staff, and how staff answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.tasks.conftest import BeginCourt, Court, Start

from pyao.protocol.client_packets import BugReport
from pyao.protocol.client_social_packets import (
    Consultation,
    Denounce,
    GmRequest,
    RoleMasterRequest,
)
from pyao.protocol.packet import ClientPacket
from pyao.rules.kinds import Privilege


async def test_who_asks_for_help_waits_in_a_queue(court: Court) -> None:
    court.ana.send(GmRequest().encode())
    assert "in the queue" in await court.heard()
    assert "Ana asks for help" in await court.heard(court.gm)
    court.ana.send(GmRequest().encode())
    assert "moves to the end" in await court.heard()
    assert "Ana" in await court.order("/show sos")
    assert "off the queue" in await court.order("/sosdone ana")
    assert "not in the queue" in await court.order("/sosdone ana")
    court.ana.send(GmRequest().encode())
    await court.heard()
    await court.order("/borrar sos")
    assert "none" in await court.order("/show sos")


async def test_who_left_waits_no_more(court: Court) -> None:
    court.ana.send(GmRequest().encode())
    await court.heard()
    court.game.leave(court.player)
    assert "none" in await court.order("/show sos")


async def test_denunciations_reach_staff_that_hears_them(court: Court) -> None:
    court.ana.send(Denounce("Bob cheats").encode())
    assert "received your report" in await court.heard()
    assert "Ana: Bob cheats" in await court.heard(court.gm)
    assert "no denunciations" in await court.order("/denuncias")
    court.ana.send(Denounce("again").encode())
    await court.heard()
    assert "again" not in await court.heard(court.gm)
    assert "again" in await court.order("/show denuncias")
    await court.order("/silenciar Ana")
    court.ana.send(Denounce("muted").encode())
    await court.heard()
    assert "muted" not in await court.order("/show denuncias")


@pytest.mark.parametrize("make", [Denounce, RoleMasterRequest, BugReport])
async def test_who_floods_the_staff_is_heard_at_the_pace_of_talk(
    court: Court, make: Callable[[str], ClientPacket]
) -> None:
    court.rank("god", Privilege.ROLE_MASTER)
    burst = court.game.options.intervals.talk_burst
    court.ana.send(*(make(f"flood{n}").encode() for n in range(burst + 5)))
    assert "too fast" in await court.heard()
    bugs = [row["arguments"] for row in await court.audited("bug")]
    lines = (await court.heard(court.gm) + " ".join(bugs)).count("flood")
    assert lines == burst


async def test_role_masters_are_asked_and_faults_written_down(court: Court) -> None:
    court.rank("counsellor", Privilege.ROLE_MASTER)
    court.ana.send(RoleMasterRequest("who am I?").encode(), BugReport("a hole").encode())
    assert "role masters have received" in await court.heard()
    assert "who am I?" in await court.heard(court.gm)
    assert [row["arguments"] for row in await court.audited("bug")] == ["a hole"]


async def test_a_consultation_begins_and_ends(court: Court) -> None:
    assert "Click a player" in await court.order(Consultation())
    court.master.clicked = court.player
    court.player.hidden = True
    assert "begins" in await court.order(Consultation())
    assert court.player.consulting
    assert not court.player.hidden
    assert court.player.tag == "Ana [CONSULTA]"
    court.ana.whisper("Gandalf", "thank you")
    assert "thank you" in await court.heard(court.gm)
    assert "ends" in await court.order(Consultation())
    assert not court.player.consulting


async def test_a_player_begins_no_consultation(begin_court: BeginCourt) -> None:
    court = await begin_court("player")
    court.master.clicked = court.player
    await court.order(Consultation())
    assert not court.player.consulting


async def test_files_are_kept_over_a_restart(start: Start) -> None:
    running = await start(language="en")
    gm, _ana = await running.newcomer("Gandalf"), await running.newcomer("Ana")
    running.player("Gandalf").privileges = int(Privilege.PLAYER | Privilege.GOD)
    gm.talk("/record add Ana, sells gold")
    gm.talk("/record obs 1, seen again")
    await gm.settle()
    await running.app.stop()
    later = await start(language="en")
    gm = await later.newcomer("Merlin")
    later.player("Merlin").privileges = int(Privilege.PLAYER | Privilege.GOD)

    async def order(line: str) -> str:
        gm.talk(line)
        return "\n".join(str(packet.values[0]) for packet in await gm.settle() if packet.values)

    assert "1. Ana" in await order("/record list")
    details = await order("/record details 1")
    assert "opened by Gandalf" in details
    assert "sells gold" in details
    assert "seen again" in details
    assert "closed" in await order("/record remove 1")
    assert "no file 1" in await order("/record details 1")
