from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.dealing import Dealing, count, told, values
from tests.support.fellows import CODEX, NAME, found_by_ana, guild_of, join_by_bob
from tests.tasks.conftest import Start

from pyao.protocol import client_social_packets as said
from pyao.protocol.packet import ClientPacket
from pyao.rules.guild import Alignment
from pyao.rules.kinds import Skill

ALIGN, FORM, WAVE, TAG, BOX = 98, 81, 39, 89, 26
FOUND = said.CreateNewGuild("", NAME, "", CODEX)


# --- founding ------------------------------------------------------------------------------------


async def test_a_guild_is_founded_in_three_steps(gathering: Dealing) -> None:
    await found_by_ana(gathering)
    assert count(gathering.ana, ALIGN) == count(gathering.ana, FORM) == 1
    guild = guild_of(gathering)
    assert (guild.name, guild.alignment, guild.leader_name) == (NAME, Alignment.LEGAL, "Ana")
    assert (guild.description, guild.website, guild.codex[:2]) == (
        "una\ndos",
        "faros.example",
        ("uno", "dos"),
    )
    for client in (gathering.ana, gathering.bob, gathering.eva):
        assert f"Ana ha fundado el clan {NAME}" in told(client)
        assert values(client, WAVE) == [(44, 0, 0)]
        assert values(client, TAG)[-1][2] == f"Ana <{NAME}>"
    assert gathering.a.tag == f"Ana <{NAME}>"


async def test_founders_need_level_leadership_and_an_alignment(gathering: Dealing) -> None:
    a = gathering.a
    a.level = 24
    await gathering.send(gathering.ana, said.GuildFundate())
    assert "nivel 25" in told(gathering.ana)
    a.level, a.skills[Skill.LEADERSHIP - 1] = 25, 89
    await gathering.send(gathering.ana, said.GuildFundate())
    assert "90 puntos de liderazgo" in told(gathering.ana)
    a.skills[Skill.LEADERSHIP - 1] = 90
    for alignment in (Alignment.ROYAL, Alignment.CRIMINAL, Alignment.MASTERS, 77):
        await gathering.send(gathering.ana, said.GuildFundation(alignment), FOUND)
    assert told(gathering.ana).count("alineaci") == 8
    assert not count(gathering.ana, FORM)
    assert not len(gathering.running.app.game.world.guilds)


async def test_names_are_letters_and_taken_once(fellows: Dealing) -> None:
    choose = said.GuildFundation(Alignment.LEGAL)
    for name in ("", "Faros 2", "[b]Faros"):
        await fellows.send(fellows.bob, choose, said.CreateNewGuild("", name, "", CODEX))
    assert told(fellows.bob).count("letras sin tilde") == 3
    await fellows.send(fellows.bob, choose, said.CreateNewGuild("", "LOS  faros", "", CODEX))
    assert "Ya existe un clan con ese nombre" in told(fellows.bob)
    await fellows.send(fellows.bob, said.CreateNewGuild("", "Torres", "", CODEX))
    assert "alineaci" in told(fellows.bob), "it was chosen for the last attempt"
    await fellows.send(fellows.ana, said.GuildFundate())
    assert "Ya fundaste un clan" in told(fellows.ana)
    assert len(fellows.running.app.game.world.guilds) == 1


# --- joining -------------------------------------------------------------------------------------


async def test_one_applies_and_is_admitted(fellows: Dealing) -> None:
    await join_by_bob(fellows)
    assert "Bob pide entrar en el clan" in told(fellows.ana)
    assert "Has pedido entrar" in told(fellows.bob)
    for client in (fellows.ana, fellows.bob):
        assert "Bob ha entrado en el clan" in told(client)
        assert values(client, WAVE) == [(43, 0, 0)]
    assert values(fellows.eva, TAG)[-1][2] == f"Bob <{NAME}>"
    assert guild_of(fellows).members == {1: "Ana", 2: "Bob"}
    assert not guild_of(fellows).applicants


async def test_who_cannot_apply(fellows: Dealing) -> None:
    apply = said.GuildRequestMembership(NAME, "")
    await fellows.send(fellows.ana, apply)
    assert "Ya perteneces" in told(fellows.ana)
    await fellows.send(fellows.bob, said.GuildRequestMembership("Nadie", ""))
    fellows.b.level = 12
    await fellows.send(fellows.bob, apply)
    fellows.b.level, fellows.b.bandit = 13, 1_000_000
    await fellows.send(fellows.bob, apply)
    for words in ("No existe ese clan", "principiantes", "no encaja"):
        assert words in told(fellows.bob)
    assert not guild_of(fellows).applicants


async def test_one_who_fits_no_more_is_taken_off_the_list(fellows: Dealing) -> None:
    await fellows.send(fellows.bob, said.GuildRequestMembership(NAME, ""))
    fellows.b.bandit = 1_000_000
    await fellows.send(fellows.ana, said.GuildAcceptNewMember("Bob"))
    assert "Bob ya no puede entrar" in told(fellows.ana)
    assert not guild_of(fellows).applicants
    assert list(guild_of(fellows).members) == [1]


async def test_one_who_is_away_is_admitted_by_what_is_stored(fellows: Dealing) -> None:
    await fellows.send(fellows.bob, said.GuildRequestMembership(NAME, ""))
    fellows.running.app.game.leave(fellows.b)
    await fellows.send(fellows.ana, said.GuildAcceptNewMember("Bob"))
    assert "Bob ha entrado en el clan" in told(fellows.ana)
    bob = await fellows.running.connect()
    await bob.enter("Bob")
    assert fellows.running.player("Bob").tag == f"Bob <{NAME}>"
    await fellows.hear()
    assert "Bob, de tu clan, ha entrado en el juego" in told(fellows.ana)


async def test_the_refused_are_told_now_or_when_they_come_back(fellows: Dealing) -> None:
    apply = said.GuildRequestMembership(NAME, "")
    await fellows.send(fellows.bob, apply)
    await fellows.send(fellows.ana, said.GuildRejectNewMember("Bob", "hoy no"))
    assert "no te ha admitido. hoy no" in told(fellows.bob)
    assert "Has denegado la solicitud de Bob" in told(fellows.ana)
    await fellows.send(fellows.bob, apply)
    fellows.running.app.game.leave(fellows.b)
    await fellows.send(fellows.ana, said.GuildRejectNewMember("Bob", "tampoco"))
    bob = await fellows.running.connect()
    bob.log_in("Bob")
    box = await bob.get(BOX)
    assert "tampoco" in str(box.values[0])
    assert not guild_of(fellows).notices


@pytest.mark.parametrize(
    "packet",
    [
        said.GuildAcceptNewMember("Eva"),
        said.GuildRejectNewMember("Eva", ""),
        said.GuildKickMember("Ana"),
        said.GuildKickMember("Eva"),
        said.GuildRequestJoinerInfo("Eva"),
        said.GuildMemberInfo("Ana"),
        said.GuildUpdateNews("mio"),
        said.ClanCodexUpdate("mio", ["mio"] * 8),
        said.GuildNewWebsite("mio"),
    ],
)
async def test_only_leaders_lead(fellows: Dealing, packet: ClientPacket) -> None:
    await fellows.send(fellows.eva, said.GuildRequestMembership(NAME, "hola"))
    await fellows.send(fellows.bob, packet)
    assert "No perteneces a ning" in told(fellows.bob)
    await join_by_bob(fellows)
    await fellows.send(fellows.bob, packet)
    assert "Solo el l" in told(fellows.bob)
    guild = guild_of(fellows)
    assert (list(guild.members), list(guild.applicants)) == ([1, 2], [3])
    assert "mio" not in (guild.news, guild.description, guild.website, *guild.codex)


# --- leaving -------------------------------------------------------------------------------------


async def test_members_leave_and_the_leader_stays(fellows: Dealing) -> None:
    await join_by_bob(fellows)
    fellows.forget()
    await fellows.send(fellows.ana, said.GuildLeave())
    assert "no puede dejar el clan" in told(fellows.ana)
    await fellows.send(fellows.bob, said.GuildLeave(), said.GuildLeave())
    assert "Bob ha dejado el clan" in told(fellows.ana)
    assert "Has dejado el clan" in told(fellows.bob)
    assert "No perteneces" in told(fellows.bob)
    assert values(fellows.eva, TAG)[-1][2] == "Bob"
    assert list(guild_of(fellows).members) == [1]


async def test_the_leader_expels_members_but_not_itself(fellows: Dealing) -> None:
    await join_by_bob(fellows)
    await fellows.send(fellows.ana, said.GuildKickMember("ana"), said.GuildKickMember("Eva"))
    assert "no puede dejar el clan" in told(fellows.ana)
    assert "No es miembro" in told(fellows.ana)
    fellows.running.app.game.leave(fellows.b)
    await fellows.send(fellows.ana, said.GuildKickMember("BOB"))
    assert "Bob ha sido expulsado" in told(fellows.ana)
    assert list(guild_of(fellows).members) == [1]
    bob = await fellows.running.connect()
    await bob.enter("Bob")
    assert fellows.running.player("Bob").tag == "Bob"


async def test_the_expelled_are_told(fellows: Dealing) -> None:
    await join_by_bob(fellows)
    await fellows.send(fellows.ana, said.GuildKickMember("Bob"))
    assert "Te han expulsado del clan" in told(fellows.bob)
    assert fellows.b.tag == "Bob"


async def test_guilds_are_kept_over_a_restart(
    fellows: Dealing, start: Start, tmp_path: Path
) -> None:
    await join_by_bob(fellows)
    await fellows.send(fellows.eva, said.GuildRequestMembership(NAME, "hola"))
    await fellows.send(fellows.ana, said.GuildUpdateNews("una\xbados"))
    running = fellows.running
    for client in running.clients:
        await client.close()
    running.clients.clear()
    await running.app.stop()
    again = await start(world=str(tmp_path / "market.pyao"))
    guild = again.app.game.world.guilds.find(NAME)
    assert guild is not None
    assert guild.members == {1: "Ana", 2: "Bob"}
    assert guild.applicant("Eva") == 3
    bob = await again.connect()
    bob.log_in("Bob")
    await bob.until(lambda seen: "Noticias del clan: una / dos" in str(seen.values[:1]))
    assert again.player("Bob").tag == f"Bob <{NAME}>"
