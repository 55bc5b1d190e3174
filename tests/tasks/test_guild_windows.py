from __future__ import annotations

from tests.support.dealing import Dealing, told, values
from tests.support.fellows import NAME, guild_of, join_by_bob

from pyao.protocol import client_social_packets as said
from pyao.rules.kinds import Faction
from pyao.tasks.guilds import LIST_MAX_CHARS, short

LIST, LEADER, MEMBER, DETAILS, NEWS, CHAT = 40, 78, 79, 80, 73, 23


async def test_the_window_is_that_of_the_rank(fellows: Dealing) -> None:
    await fellows.send(fellows.eva, said.GuildRequestMembership(NAME, "hola"))
    await join_by_bob(fellows)
    for client in (fellows.ana, fellows.bob, fellows.eva):
        await fellows.send(client, said.RequestGuildLeaderInfo())
    assert values(fellows.ana, LEADER) == [([NAME], ["Ana", "Bob"], "", ["Eva"])]
    assert values(fellows.bob, MEMBER) == [([NAME], ["Ana", "Bob"])]
    assert values(fellows.eva, LIST) == [([NAME],)]


async def test_everybody_may_read_of_a_guild(fellows: Dealing) -> None:
    await fellows.send(fellows.eva, said.GuildRequestDetails("los faros"))
    (row,) = values(fellows.eva, DETAILS)
    assert row[0:2] == (NAME, "Ana")
    assert row[3:8] == ("Ana", "faros.example", 1, 0, "Legal")
    assert row[10] == "0/5"
    assert row[11][:3] == ["uno", "dos", ""]  # type: ignore[index] # a list
    assert row[12] == "una\ndos"
    await fellows.send(fellows.eva, said.GuildRequestDetails("Torres"))
    assert "No existe ese clan" in told(fellows.eva)


async def test_the_leader_writes_and_members_read(fellows: Dealing) -> None:
    await join_by_bob(fellows)
    await fellows.send(
        fellows.ana,
        said.GuildUpdateNews("hoy\xbafiesta" + "x" * 2_000),
        said.ClanCodexUpdate("otra\xbacosa", ["a"] * 8),
        said.GuildNewWebsite("otro.example"),
    )
    guild = guild_of(fellows)
    assert guild.description == "otra\ncosa"
    assert (guild.codex, guild.website) == (("a",) * 8, "otro.example")
    assert len(guild.news) == 1_024
    await fellows.send(fellows.bob, said.ShowGuildNews())
    (row,) = values(fellows.bob, NEWS)
    assert str(row[0]).startswith("hoy\nfiesta")
    assert row[1:] == ([""], [""])
    await fellows.send(fellows.eva, said.ShowGuildNews())
    assert "No perteneces" in told(fellows.eva)


async def test_the_leader_reads_applications_and_of_members(fellows: Dealing) -> None:
    await fellows.send(fellows.bob, said.GuildRequestMembership(NAME, "[b]por favor"))
    await fellows.send(
        fellows.ana,
        said.GuildRequestJoinerInfo("bob"),
        said.GuildMemberInfo("bob"),
        said.GuildMemberInfo("nadie"),
        said.GuildRequestJoinerInfo("nadie"),
    )
    text = told(fellows.ana)
    assert "Bob escribe: (b]por favor" in text
    assert "Bob: nivel 25, ciudadano, oro 50" in text
    assert "No es miembro" in text
    assert "No ha pedido entrar" in text
    fellows.running.app.game.leave(fellows.b)
    fellows.forget()
    await fellows.send(fellows.ana, said.GuildMemberInfo("bob"))
    assert "Bob: nivel 25, ciudadano, oro 50" in told(fellows.ana)


async def test_a_leader_learns_where_an_applicant_has_been(fellows: Dealing) -> None:
    await join_by_bob(fellows)
    await fellows.send(fellows.bob, said.GuildLeave())
    fellows.b.faction = Faction.ROYAL
    await fellows.send(fellows.bob, said.GuildRequestMembership(NAME, ""))
    fellows.forget()
    await fellows.send(fellows.ana, said.GuildMemberInfo("bob"))
    assert "ciudadano, Armada Real" in told(fellows.ana)
    assert f"ha pertenecido antes a: {NAME}" in told(fellows.ana)
    await fellows.send(fellows.ana, said.GuildAcceptNewMember("bob"))
    assert fellows.running.app.game.world.guilds.former_of(fellows.b.user_id) == []


async def test_members_talk_wherever_they_are(fellows: Dealing) -> None:
    await fellows.send(fellows.eva, said.GuildMessage("hola"), said.GuildOnline())
    assert told(fellows.eva).count("No perteneces") == 2
    await fellows.send(fellows.ana, said.GuildOnline())
    assert "No juega nadie" in told(fellows.ana)
    await join_by_bob(fellows)
    fellows.forget()
    await fellows.send(fellows.ana, said.GuildMessage("[b]hola"))
    for client in (fellows.ana, fellows.bob):
        assert told(client) == "Ana> (b]hola"
        assert values(client, CHAT) == [("< [b]hola >", fellows.a.index, 255, 255, 0)]
    assert not fellows.eva.seen
    fellows.running.app.game.world.warp(fellows.b, 2, 50, 50)
    fellows.bob.seen.clear()
    await fellows.send(fellows.ana, said.GuildMessage("lejos"))
    assert "Ana> lejos" in told(fellows.bob)
    assert not values(fellows.bob, CHAT)
    await fellows.send(fellows.ana, said.GuildOnline())
    assert "De tu clan juegan: Bob" in told(fellows.ana)


def test_lists_are_as_long_as_a_packet_may_be() -> None:
    names = ["x" * 29] * 1_000
    assert len(short(names)) == LIST_MAX_CHARS // 30
