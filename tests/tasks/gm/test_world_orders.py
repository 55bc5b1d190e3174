"""Orders about speech, maps, the server, addresses, councils and guilds."""

from __future__ import annotations

import pytest
from tests.support.byte_client import ERROR_MSG
from tests.tasks.conftest import BeginCourt, Court, Start

from pyao.content.world_data import tile_index
from pyao.protocol.client_social_packets import GuildMessage
from pyao.rules.faction import BANISHED
from pyao.rules.guild import Alignment, Guild
from pyao.rules.kinds import Faction, Privilege

MESSAGE_BOX, WAVE, BLOCK = 26, 39, 37


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("/rmsg hello all", True),
        ("/mapmsg hello all", True),
        ("/ciumsg hello all", True),
        ("/crimsg hello all", False),
        ("/realmsg hello all", False),
        ("/gmsg hello all", False),
        ("/dmsg hello all", False),
    ],
)
async def test_who_hears_what_staff_says(court: Court, line: str, heard: bool) -> None:
    assert "hello all" in await court.order(line)
    assert ("hello all" in await court.heard()) is heard


async def test_a_faction_and_staff_hear_what_is_for_them(court: Court) -> None:
    court.player.faction = Faction.CHAOS
    await court.order("/caosmsg to arms")
    assert "to arms" in await court.heard()
    court.rank("counsellor", of="Ana")
    await court.order("/gmsg staff only")
    assert "staff only" in await court.heard()


async def test_a_box_and_the_time_for_everybody(court: Court) -> None:
    await court.order("/smsg maintenance")
    assert MESSAGE_BOX in [packet.id for packet in await court.ana.settle()]
    await court.order("/hora")
    assert "time of the server" in await court.heard()


async def test_markup_in_what_staff_says_is_neutralised(court: Court) -> None:
    await court.order("/rmsg [b]big[/b]")
    assert "[b]" not in await court.heard()


async def test_a_guild_is_overheard_renamed_left_and_banned(court: Court) -> None:
    guilds, player = court.world.guilds, court.player
    guild = Guild(
        name="Los Nobles",
        alignment=Alignment.NEUTRAL,
        founder=court.master.user_id,
        founder_name="Gandalf",
        founded=1,
        leader=court.master.user_id,
    )
    guild.members[court.master.user_id] = "Gandalf"
    guilds.add(guild)
    guilds.enrol(guild, player.user_id, "Ana")
    assert "Ana, Gandalf" in await court.order("/miembrosclan Los+Nobles")
    assert "Ana, Gandalf" in await court.order("/onclan los nobles")
    assert "no such guild" in await court.order("/onclan Nadie")
    assert "You hear" in await court.order("/showcmsg Los Nobles")
    assert "no guild" in await court.order("/showcmsg")
    assert "is called Los Justos" in await court.order("/aclan Los Nobles@Los Justos")
    assert guilds.find("los justos") is guild
    assert guilds.find("los nobles") is None
    assert player.guild_name == "Los Justos"
    assert "neither leave" in await court.order("/rajarclan Gandalf")
    await court.order("/rajarclan Ana")
    assert guilds.of(player.user_id) is None
    guilds.enrol(guild, player.user_id, "Ana")
    await court.order("/banclan Los Justos")
    assert "Los Justos" in str((await court.ana.get(ERROR_MSG)).values[0])
    account = await court.game.accounts.read("Ana")
    assert account is not None
    assert court.game.accounts.ban_of(account) is not None
    assert court.world.find("Gandalf") is not None
    assert list(court.game.book.penalties) == [player.user_id]  # no entry for who is not banned


async def test_a_renamed_guild_is_found_after_a_restart(start: Start) -> None:
    running = await start(language="en")
    gm = await running.newcomer("Gandalf")
    player, guilds = running.player("Gandalf"), running.app.game.world.guilds
    player.privileges = int(Privilege.PLAYER | Privilege.GOD)
    guild = Guild("Old Name", Alignment.NEUTRAL, player.user_id, "Gandalf", 1, player.user_id)
    guild.members[player.user_id] = "Gandalf"
    guilds.add(guild)
    guilds.mark(guild)
    running.app.game.changes.snapshot()
    gm.talk("/aclan Old Name@New Name")
    await gm.settle()
    await running.app.stop()
    later = await start()
    assert later.app.game.world.guilds.names() == ["New Name"]


async def test_who_loses_the_right_or_leaves_listens_to_no_guild(court: Court) -> None:
    ana, guilds = court.player.user_id, court.world.guilds
    guild = Guild(
        name="Los Nobles",
        alignment=Alignment.NEUTRAL,
        founder=ana,
        founder_name="Ana",
        founded=1,
        leader=ana,
    )
    guilds.add(guild)
    guilds.enrol(guild, ana, "Ana")

    async def overhears() -> bool:
        court.ana.send(GuildMessage("our secret").encode())
        await court.heard()
        return "our secret" in await court.heard(court.gm)

    await court.order("/showcmsg Los Nobles")
    assert await overhears()
    await court.order("/aclan Los Nobles@Los Justos")
    assert await overhears()
    court.master.exceptions = court.master.exceptions.with_denial("people.see")
    assert not await overhears()
    court.game.leave(court.master)
    await court.gm.until_closed()
    court.gm = await court.running.connect()
    await court.gm.enter("Gandalf")
    court.rank("counsellor")
    assert not await overhears()


async def test_a_seat_in_a_council_brings_back_no_rank_that_was_taken_away(court: Court) -> None:
    court.rank("counsellor", of="Ana")  # of this session; the account has it no more
    await court.order("/aceptconse Ana")
    account = await court.game.accounts.read("Ana")
    assert account is not None
    assert account.privileges == Privilege.PLAYER | Privilege.ROYAL_COUNCIL
    assert court.player.counsellor
    await court.order("/kickconse Ana")
    assert court.player.privileges == Privilege.PLAYER | Privilege.COUNSELLOR


async def test_councils_are_entered_and_left(court: Court) -> None:
    assert "Council of Banderbill" in await court.order("/aceptconse Ana")
    assert court.player.privileges & Privilege.ROYAL_COUNCIL
    await court.order("/aceptconsecaos Ana")
    assert not court.player.privileges & Privilege.ROYAL_COUNCIL
    assert "out of the councils" in await court.order("/kickconse Ana")
    assert court.player.privileges == Privilege.PLAYER
    assert "in no council" in await court.order("/kickconse Ana")


async def test_a_faction_is_left_by_order(court: Court) -> None:
    assert "does not serve" in await court.order("/noreal Ana@treason")
    court.player.faction = Faction.ROYAL
    await court.order("/noreal Ana@treason")
    assert (court.player.faction, court.player.enlistments) == (Faction.NONE, BANISHED)
    court.player.citizens_killed = 9
    await court.order("/rajar Ana")
    assert (court.player.citizens_killed, court.player.enlistments) == (0, 0)
    kinds = [one.kind for one in court.game.book.penalties[court.player.user_id]]
    assert kinds == ["expulsado de faccion", "facciones borradas"]


async def test_rain_night_music_and_sounds(court: Court) -> None:
    await court.order("/lluvia")
    assert court.world.sky.raining
    await court.order("/noche")
    assert court.world.sky.night
    assert "Night falls" in await court.heard()
    for line in ("/forcewav 5", "/forcewavmap 5", "/forcewavmap 5 1", "/forcewavmap 5 1 50 50"):
        await court.order(line)
        assert WAVE in [packet.id for packet in await court.ana.settle()], line
    await court.order("/forcemidi 3")
    assert "no such place" in await court.order("/forcemidimap 3 77")


async def test_tiles_and_map_flags_change(court: Court) -> None:
    master, room = court.master, court.world.maps[1]
    await court.order("/bloq")
    assert BLOCK in [packet.id for packet in await court.ana.settle()]
    assert room.flag(master.x, master.y) & 1
    await court.order("/bloq")
    assert not room.flag(master.x, master.y) & 1
    await court.order("/trigger 4")
    assert room.data.triggers[tile_index(master.x, master.y)] == 4
    assert "is 4" in await court.order("/trigger")
    assert "0 to 6" in await court.order("/trigger 9")
    safe = [room.data.safe]
    await court.order("/modmapinfo pk 1")
    safe.append(room.data.safe)
    assert safe == [True, False]
    await court.order("/modmapinfo magiasinefecto 1")
    assert room.data.no_magic
    await court.order("/modmapinfo restringir NEWBIE")
    assert room.data.restriction == "NEWBIE"
    await court.order("/modmapinfo terreno NIEVE")
    assert room.data.terrain == "NIEVE"
    assert "can be changed" in await court.order("/modmapinfo pk maybe")


async def test_the_message_of_the_day_is_written_in_the_game_and_kept(start: Start) -> None:
    running = await start(language="en")
    gm = await running.newcomer("Gandalf")
    running.player("Gandalf").privileges = int(Privilege.PLAYER | Privilege.GOD)
    gm.talk("/zmotd Hello|Be kind")
    await gm.settle()
    assert running.app.game.motd == ["Hello", "Be kind"]
    await running.app.stop()
    later = await start(language="en")
    assert later.app.game.motd == ["Hello", "Be kind"]


async def test_saving_answers_when_it_is_stored(court: Court) -> None:
    court.gm.talk("/dobackup")
    court.gm.talk("/grabar")
    court.gm.talk("/guardamapa")
    saved = 0
    while saved < 3:
        seen = await court.gm.until(lambda one: one.id == 23 or "saved" in str(one.values))
        saved += "saved" in str(seen.values)


async def test_the_world_and_the_settings_are_read_again(court: Court) -> None:
    assert "read again" in await court.order("/reloadobj")
    assert "settings were read again" in await court.order("/reloadsini")


async def test_habilitar_lets_only_staff_in(court: Court) -> None:
    assert "Only staff" in await court.order("/habilitar")
    client = await court.running.connect()
    client.log_in("Ana")
    assert "maintenance" in str((await client.get(ERROR_MSG)).values[0])
    assert "Everybody" in await court.order("/habilitar")


async def test_apagar_stops_the_server(court: Court) -> None:
    await court.order("/apagar")
    assert "stops the server" in await court.heard()
    assert court.running.app._stop.is_set()


async def test_what_means_nothing_is_said(court: Court) -> None:
    for line in ("/show int", "/reiniciar", "/autoupdate", "/setinivar A B C", "/ai 1 2"):
        assert "does nothing" in await court.order(line)


async def test_a_banned_address_is_closed_without_a_word(start: Start) -> None:
    running = await start(language="en")
    gm = await running.newcomer("Gandalf")
    running.player("Gandalf").privileges = int(Privilege.PLAYER | Privilege.GOD)

    async def order(line: str) -> str:
        gm.talk(line)
        return "\n".join(str(packet.values[0]) for packet in await gm.settle() if packet.values)

    assert "own address" in await order("/banip 127.0.0.1 test")
    assert "shut out" in await order("/banip 10.1.2.3 spam")
    assert "10.1.2.3 (Gandalf)" in await order("/baniplist")
    running.app.game.book.let_in("10.1.2.3")
    assert "is not shut out" in await order("/unbanip 10.1.2.3")
    await order("/banip 10.9.9.9 spam")
    await running.app.stop()
    later = await start()
    assert "10.9.9.9" in later.app.server.shut_out
    later.app.game.book.addresses["127.0.0.1"] = later.app.game.book.addresses["10.9.9.9"]
    client = await later.connect()
    await client.until_closed()
    assert client.seen == []


async def test_the_address_of_a_higher_rank_is_not_shut_out(court: Court) -> None:
    court.rank("admin", of="Ana")
    court.game.clients[court.player.user_id].address = "10.1.2.3"
    for whom in ("10.1.2.3", "Ana"):
        assert "too high a rank" in await court.order(f"/banip {whom} x")
    assert not court.game.book.addresses


@pytest.mark.parametrize("address", ["fe80::1%eth0", "fe80::1%a:b", "10.1.2", "10.1.2.3/8"])
async def test_what_no_connection_comes_from_is_not_shut_out(court: Court, address: str) -> None:
    await court.order(f"/banip {address} x")
    assert not court.game.book.addresses


async def test_looks_of_the_own_name_and_words(court: Court) -> None:
    await court.order("/showname")
    assert court.master.tag == ""
    await court.order("/showname")
    assert court.master.tag == "Gandalf"
    await court.order("/chatcolor 1 2 3")
    assert court.master.chat_color == (1, 2, 3)
    court.master.clicked = court.player
    await court.order("/setdesc The king")
    assert court.player.shown_as == "The king"


async def test_a_role_master_speaks_to_the_sides(begin_court: BeginCourt) -> None:
    court = await begin_court("counsellor")
    assert "may not give the order" in await court.order("/ciumsg hello")
    court.rank("counsellor", Privilege.ROLE_MASTER)
    await court.order("/ciumsg hello")
    assert "hello" in await court.heard()
