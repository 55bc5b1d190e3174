"""Orders that punish: what they do, who may give them, what is written down."""

from __future__ import annotations

import asyncio

from tests.support.byte_client import CONSOLE_MSG, ERROR_MSG
from tests.tasks.conftest import BeginCourt, Court, Start

from pyao.accounts import FOREVER
from pyao.protocol.client_social_packets import Punishments
from pyao.protocol.gm_packets import GmBanChar, GmJail
from pyao.rules.kinds import Privilege

P, S, G = Privilege.PLAYER, Privilege.DEMIGOD, Privilege.GOD
MESSAGE_BOX = 26


async def test_jail_by_both_doors_with_its_entry(court: Court) -> None:
    assert "1 to 60" in await court.order("/carcel Ana@spam@61")
    assert court.player.jail_minutes == 0
    await court.order("/carcel Ana@spam and more@60")
    assert court.player.jail_minutes == 60
    await court.order(GmJail("ana", "again", 5))
    assert court.player.jail_minutes == 5
    entries = court.game.book.penalties[court.player.user_id]
    assert [(one.kind, one.reason, one.by) for one in entries] == [
        ("carcel 60m", "spam and more", "Gandalf"),
        ("carcel 5m", "again", "Gandalf"),
    ]
    assert len(await court.audited("gm carcel")) == 3


async def test_staff_is_not_jailed_and_role_masters_do_not_jail(court: Court) -> None:
    court.rank("counsellor", of="Ana")
    assert "too high a rank" in await court.order("/carcel Ana@x@5")
    court.rank("god", Privilege.ROLE_MASTER)
    assert "may not give the order" in await court.order("/carcel Ana@x@5")


async def test_penalties_survive_a_restart_and_are_shown_to_their_owner(start: Start) -> None:
    running = await start(language="en")
    gm, ana = await running.newcomer("Gandalf"), await running.newcomer("Ana")
    running.player("Gandalf").privileges = int(P | G)
    gm.talk("/advertencia Ana@bad words")
    await gm.settle()
    await ana.settle()
    await running.app.stop()
    later = await start(language="en")
    again = await later.connect()
    await again.enter("Ana")
    again.send(Punishments("").encode())
    lines = "\n".join(str(p.values[0]) for p in await again.settle())
    assert "advertencia: bad words (Gandalf)" in lines
    again.send(Punishments("Gandalf").encode())
    assert "only see your own" in "\n".join(str(p.values[0]) for p in await again.settle())


async def test_borrarpena_replaces_an_entry_and_audits_the_old_one(court: Court) -> None:
    await court.order("/advertencia Ana@first")
    assert "no entry 2" in await court.order("/borrarpena Ana@2@x")
    await court.order("/borrarpena Ana@1@a mistake")
    assert court.game.book.penalties[court.player.user_id][0].reason == "a mistake"
    rows = await court.audited("gm borrarpena")
    assert any("first" in row["arguments"] for row in rows)


async def test_silenciar_is_a_toggle(court: Court) -> None:
    assert "silent now" in await court.order("/silenciar Ana")
    assert court.player.muted_until == FOREVER
    assert MESSAGE_BOX in [packet.id for packet in await court.ana.settle()]
    court.ana.talk("hello")
    assert "until further notice" in await court.heard()
    assert "may speak again" in await court.order("/silenciar Ana")
    assert not court.game.muted(court.player)


async def test_echar_disconnects_but_nobody_of_a_higher_rank(court: Court) -> None:
    court.rank("demigod")
    court.rank("god", of="Ana")
    assert "not in the game" in await court.order("/echar Ana")
    court.rank("player", of="Ana")
    await court.order("/echar Ana")
    await court.ana.until_closed()
    assert court.world.find("Ana") is None
    assert [row["target"] for row in await court.audited("gm echar")] == ["Ana"]


async def test_echartodospjs_spares_the_staff(court: Court) -> None:
    assert "1 players are out" in await court.order("/echartodospjs")
    await court.ana.until_closed()
    assert court.world.find("Gandalf") is not None


async def test_ejecutar_kills_a_player_and_tells_everybody(court: Court) -> None:
    assert "has executed Ana" in await court.order("/ejecutar Ana")
    assert court.player.dead
    assert "dead already" in await court.order("/ejecutar Ana")


async def test_a_ban_shuts_out_until_it_is_lifted(court: Court) -> None:
    await court.order(GmBanChar("Ana", "selling gold"))
    assert "selling gold" in str((await court.ana.get(ERROR_MSG)).values[0])
    await court.ana.until_closed()
    assert "banned already" in await court.order("/ban Ana@again")
    client = await court.running.connect()
    client.log_in("Ana")
    assert "selling gold" in str((await client.get(ERROR_MSG)).values[0])
    await client.until_closed()
    assert "may come in again" in await court.order("/unban Ana")
    assert "is not banned" in await court.order("/unban Ana")
    again = await court.running.connect()
    await again.enter("Ana")
    kinds = [one.kind for one in court.game.book.penalties[court.player.user_id]]
    assert kinds == ["ban", "unban"]


async def test_a_demigod_bans_no_god_and_one_of_its_own_rank_only_with_itself(
    begin_court: BeginCourt,
) -> None:
    court = await begin_court("demigod")
    accounts = court.game.accounts
    await accounts.set_privileges("Ana", int(P | G))
    assert "no character" in await court.order("/ban Ana@x")
    await accounts.set_privileges("Ana", int(P | S))
    court.gm.talk("/ban Ana@x")
    await court.gm.until_closed()
    await court.ana.until_closed()
    for name in ("Ana", "Gandalf"):
        account = await accounts.read(name)
        assert account is not None
        assert accounts.ban_of(account) is not None


async def test_who_bans_its_own_rank_does_not_escape_by_hanging_up(
    begin_court: BeginCourt,
) -> None:
    court = await begin_court("demigod")
    game, gandalf = court.game, court.master.user_id
    await game.accounts.set_privileges("Ana", int(P | S))

    court.gm.talk("/ban Ana@x")
    await court.gm.get(CONSOLE_MSG)
    game.clients[gandalf].close("hung up")
    await court.ana.until_closed()
    await court.gm.until_closed()
    await asyncio.gather(*game.under_way)
    account = await game.accounts.read("Gandalf")
    assert account is not None
    assert game.accounts.ban_of(account) is not None


async def test_perdon_and_conden_change_a_good_name(court: Court) -> None:
    criminal = []
    for word in ("conden", "perdon"):
        await court.order(f"/{word} Ana")
        criminal.append(court.player.criminal)
    assert criminal == [True, False]
    court.player.level = 13
    assert "only newcomers" in await court.order("/perdon Ana")


async def test_estupido_is_ended_by_noestupido(court: Court) -> None:
    await court.order("/estupido Ana")
    assert court.player.stunned
    await court.order("/noestupido Ana")
    assert not court.player.stunned
