"""Ana who leads a guild, Bob who may join it, and Eva who looks on."""

from __future__ import annotations

import pytest
from tests.support.dealing import Dealing

from pyao.protocol import client_social_packets as said
from pyao.rules.guild import Alignment, Guild
from pyao.rules.kinds import Skill

NAME = "Los Faros"
CODEX = ["uno", "dos", *[""] * 6]


@pytest.fixture(name="gathering")
async def gathering_fixture(dealing: Dealing) -> Dealing:
    """Return the three with the level and skill to found a guild."""
    for player in (dealing.a, dealing.b, dealing.e):
        player.level, player.experience_next = 25, 1_000_000
        player.skills[Skill.LEADERSHIP - 1] = 90
    return dealing


@pytest.fixture(name="fellows")
async def fellows_fixture(gathering: Dealing) -> Dealing:
    """Return the three with Ana leading a guild."""
    await found_by_ana(gathering)
    gathering.forget()
    return gathering


async def found_by_ana(dealing: Dealing, alignment: Alignment = Alignment.LEGAL) -> None:
    """Let Ana found the guild, as the client does it."""
    await dealing.send(dealing.ana, said.GuildFundate())
    await dealing.send(dealing.ana, said.GuildFundation(alignment))
    await dealing.send(dealing.ana, said.CreateNewGuild("una\xbados", NAME, "faros.example", CODEX))


async def join_by_bob(dealing: Dealing) -> None:
    """Let Bob apply, and Ana admit him."""
    await dealing.send(dealing.bob, said.GuildRequestMembership(NAME, "por favor"))
    await dealing.send(dealing.ana, said.GuildAcceptNewMember("bob"))


def guild_of(dealing: Dealing) -> Guild:
    """Return the guild of Ana."""
    found = dealing.running.app.game.world.guilds.of(dealing.a.user_id)
    assert found is not None
    return found
