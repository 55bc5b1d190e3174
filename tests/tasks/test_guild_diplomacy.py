from __future__ import annotations

import pytest
from tests.support.dealing import Dealing, count, told, values
from tests.support.fellows import NAME, guild_of

from pyao.protocol import client_social_packets as said
from pyao.rules.diplomacy import between
from pyao.rules.guild import Alignment, Guild, Relation

OTHER = "Torres"
ALLIANCES, PEACES, OFFER, NEWS, DETAILS = 75, 76, 74, 73, 80


@pytest.fixture(name="rivals")
async def rivals_fixture(fellows: Dealing) -> Dealing:
    """Return them with Bob leading another guild."""
    await fellows.send(
        fellows.bob,
        said.GuildFundation(Alignment.NEUTRAL),
        said.CreateNewGuild("", OTHER, "", [""] * 8),
    )
    fellows.forget()
    return fellows


def torres(rivals: Dealing) -> Guild:
    found = rivals.running.app.game.world.guilds.find(OTHER)
    assert found is not None
    return found


async def test_war_is_declared_and_peace_made(rivals: Dealing) -> None:
    await rivals.send(rivals.ana, said.GuildDeclareWar("torres"))
    assert f"guerra con {OTHER}" in told(rivals.ana)
    assert f"guerra con {NAME}" in told(rivals.bob)
    assert count(rivals.bob, 39) == count(rivals.ana, 39) == 1
    await rivals.send(rivals.bob, said.GuildRequestDetails(NAME), said.ShowGuildNews())
    assert values(rivals.bob, DETAILS)[0][8:10] == (1, 0)
    assert values(rivals.bob, NEWS) == [("", [NAME], [""])]
    await rivals.send(rivals.ana, said.GuildOfferPeace(OTHER, "basta\xbaya"))
    assert f"{NAME} propone la paz" in told(rivals.bob)
    await rivals.send(rivals.bob, said.GuildPeacePropList(), said.GuildPeaceDetails("LOS FAROS"))
    assert values(rivals.bob, PEACES) == [([NAME],)]
    assert values(rivals.bob, OFFER) == [("basta / ya",)]
    await rivals.send(rivals.bob, said.GuildAcceptPeace(NAME))
    assert f"paz con {OTHER}" in told(rivals.ana)
    assert between(guild_of(rivals), torres(rivals)) is Relation.PEACE
    assert rivals.running.app.game.world.guilds.dirty


async def test_an_alliance_is_proposed_turned_down_and_made(rivals: Dealing) -> None:
    offer = said.GuildOfferAlliance(OTHER, "juntos")
    await rivals.send(rivals.ana, offer, offer)
    assert "Ya hay una propuesta" in told(rivals.ana)
    await rivals.send(rivals.bob, said.GuildRejectAlliance(NAME))
    assert f"{OTHER} no quiere" in guild_of(rivals).news
    await rivals.send(rivals.ana, offer)
    await rivals.send(
        rivals.bob,
        said.GuildAlliancePropList(),
        said.GuildAllianceDetails(NAME),
        said.GuildAcceptAlliance(NAME),
        said.GuildAcceptAlliance(NAME),
    )
    assert values(rivals.bob, ALLIANCES) == [([NAME],)]
    assert values(rivals.bob, OFFER) == [("juntos",)]
    assert "No hay ninguna propuesta" in told(rivals.bob)
    assert between(guild_of(rivals), torres(rivals)) is Relation.ALLIANCE


async def test_what_leaders_cannot_do(rivals: Dealing) -> None:
    await rivals.send(
        rivals.ana,
        said.GuildDeclareWar(NAME),
        said.GuildDeclareWar("Nadie"),
        said.GuildOfferPeace(OTHER, ""),
        said.GuildAcceptPeace(OTHER),
        said.GuildRejectPeace(OTHER),
        said.GuildPeaceDetails(OTHER),
    )
    text = told(rivals.ana)
    for words in ("tu propio clan", "No existe ese clan", "no est"):
        assert words in text
    assert text.count("No hay ninguna propuesta") == 3
    for packet in (said.GuildDeclareWar(NAME), said.GuildPeacePropList()):
        await rivals.send(rivals.eva, packet)
    assert told(rivals.eva).count("No perteneces") == 2


async def test_leaders_without_buttons_type(rivals: Dealing) -> None:
    await rivals.say(rivals.ana, "/alianza Torres: juntos")
    assert "propone una alianza" in told(rivals.bob)
    await rivals.say(rivals.bob, "/guerra los faros")
    await rivals.say(rivals.bob, "/paz los faros: ya")
    assert f"{OTHER} propone la paz" in told(rivals.ana)
