from __future__ import annotations

import pytest
from tests.support.byte_client import CONSOLE_MSG, ByteClient, text
from tests.support.duel import BeginDuel, Duel, lines

from pyao.rules.kinds import Privilege, Skill
from pyao.tasks.creatures import are_allies

LEAVE, CREATE, JOIN, MESSAGE, ONLINE, FORM = 91, 92, 93, 96, 99, 120
KICK, LEAD, ACCEPT, SHARE, UNSHARE = 116, 117, 118, 126, 127
PARTY_FONT = 6


async def say(duel: Duel, who: ByteClient, packet: int, words: str | None = None) -> None:
    who.send(bytes((packet,)) + (b"" if words is None else text(words)))
    await duel.hear()


@pytest.fixture(name="pair")
async def pair_fixture(duel: Duel) -> Duel:
    """Return Ana leading a party with Bob in it, both of level 20."""
    duel.a.skills[Skill.LEADERSHIP - 1] = 10
    for player in (duel.a, duel.b):
        player.level, player.experience_next = 20, 1_000_000
    await say(duel, duel.ana, CREATE)
    duel.b.clicked = duel.a
    await say(duel, duel.bob, JOIN)
    await say(duel, duel.ana, ACCEPT, "bob")
    return duel


async def test_a_party_is_founded_asked_and_joined(pair: Duel) -> None:
    party = pair.a.party
    assert party is not None
    assert party.members == [pair.a, pair.b]
    assert pair.running.app.game.world.parties == {party}
    assert "Bob quiere entrar" in lines(pair.ana)
    assert "Bob ha entrado" in lines(pair.ana)
    assert "Bob ha entrado" in lines(pair.bob)
    fonts = {p.values[1] for p in pair.bob.seen if p.id == CONSOLE_MSG}
    assert fonts == {PARTY_FONT}


async def test_what_creatures_teach_is_shared(pair: Duel) -> None:
    wolf = await pair.wolf()
    wolf.hp, wolf.pool = 1, 1000
    pair.a.heading = 1
    before = pair.a.experience, pair.b.experience
    while not wolf.gone:
        await pair.attack()
    gained = pair.a.experience - before[0], pair.b.experience - before[1]
    assert gained == (500, 500)
    assert "498" in lines(pair.bob), "two points came with the hit"


async def test_who_is_far_away_gets_nothing(pair: Duel) -> None:
    pair.running.app.game.world.warp(pair.b, 1, 50, 50)
    wolf = await pair.wolf()
    wolf.hp, wolf.pool = 1, 1000
    pair.a.heading = 1
    while not wolf.gone:
        await pair.attack()
    assert pair.b.experience == 0
    assert pair.a.experience == 500


async def test_members_list_talk_and_leave(pair: Duel) -> None:
    await say(pair, pair.bob, ONLINE)
    assert "Ana (0), Bob (0)" in lines(pair.bob)
    pair.running.app.game.world.warp(pair.b, 1, 50, 50)
    await say(pair, pair.ana, MESSAGE, "vamos [b]")
    assert "(Ana) vamos" in lines(pair.bob)
    await say(pair, pair.bob, LEAVE)
    assert pair.a.party is not None
    assert pair.a.party.members == [pair.a]
    assert "Bob ha dejado" in lines(pair.ana)
    assert "Has dejado" in lines(pair.bob)
    for packet, words in ((LEAVE, None), (ONLINE, None), (MESSAGE, "hola"), (ACCEPT, "Ana")):
        await say(pair, pair.bob, packet, words)
    assert lines(pair.bob).count("No est") == 4


async def test_the_leader_expels_and_hands_on(pair: Duel) -> None:
    await say(pair, pair.bob, KICK, "Ana")
    assert "Solo el l" in lines(pair.bob)
    await say(pair, pair.ana, LEAD, "Nadie")
    assert "No esta en tu party" in lines(pair.ana)
    pair.b.hp = 0
    await say(pair, pair.ana, LEAD, "Bob")
    assert "muerto" in lines(pair.ana)
    pair.b.hp = 10
    await say(pair, pair.ana, LEAD, "Bob")
    party = pair.b.party
    assert party is not None
    assert party.leader is pair.b
    await say(pair, pair.bob, KICK, "Bob")
    assert party.members == [pair.b, pair.a], "a leader leaves by another command"
    await say(pair, pair.bob, KICK, "Ana")
    assert party.members == [pair.b]
    assert "expulsado" in lines(pair.ana)
    await say(pair, pair.ana, KICK, "Bob")
    assert pair.b.party is not None


async def test_without_its_leader_a_party_is_over(pair: Duel) -> None:
    await say(pair, pair.ana, LEAVE)
    assert (pair.a.party, pair.b.party) == (None, None)
    assert not pair.running.app.game.world.parties
    assert "disuelto" in lines(pair.bob)


async def test_leaving_the_game_is_leaving_the_party(pair: Duel) -> None:
    pair.running.app.game.leave(pair.a)
    assert pair.b.party is None
    assert pair.a.party is None


async def test_refusals_are_told(duel: Duel) -> None:
    await say(duel, duel.ana, CREATE)
    assert "liderazgo no bastan" in lines(duel.ana)
    duel.b.clicked = duel.a
    await say(duel, duel.bob, JOIN)
    assert "haz clic sobre el l" in lines(duel.bob)
    duel.a.skills[Skill.LEADERSHIP - 1] = 10
    await say(duel, duel.ana, CREATE)
    await say(duel, duel.ana, CREATE)
    assert "Ya est" in lines(duel.ana)
    await say(duel, duel.ana, ACCEPT, "Nadie")
    await say(duel, duel.ana, ACCEPT, "Bob")
    assert "No ha pedido entrar" in lines(duel.ana)
    duel.b.privileges |= Privilege.GOD
    await say(duel, duel.bob, JOIN)
    assert "administraci" in lines(duel.bob)


async def test_creatures_are_shared_with_friends_only(begin_duel: BeginDuel) -> None:
    duel = await begin_duel()
    duel.b.clicked = duel.a
    duel.a.safe = True
    await say(duel, duel.bob, SHARE)
    assert duel.b.shares_with == duel.a.user_id
    assert "comparte sus criaturas contigo" in lines(duel.ana)
    await say(duel, duel.bob, UNSHARE)
    await say(duel, duel.bob, UNSHARE)
    assert "con nadie" in lines(duel.bob)
    duel.b.clicked = duel.b
    await say(duel, duel.bob, SHARE)
    assert "haz clic" in lines(duel.bob)
    duel.b.clicked, duel.a.bandit = duel.a, 1_000_000
    await say(duel, duel.bob, SHARE)
    assert "No puedes compartir" in lines(duel.bob)


async def test_allies_are_of_one_party_or_guild_or_shared_with(pair: Duel) -> None:
    assert are_allies(pair.a, pair.b)
    await say(pair, pair.bob, LEAVE)
    assert not are_allies(pair.a, pair.b)
    pair.a.guild_name = pair.b.guild_name = "Los Faros"
    assert are_allies(pair.a, pair.b)
    pair.b.guild_name = ""
    pair.a.guild_name = ""
    pair.a.shares_with = pair.b.user_id
    assert are_allies(pair.a, pair.b)
    assert not are_allies(pair.b, pair.a)


async def test_the_window_of_a_party_is_written_into_the_console(pair: Duel) -> None:
    pair.ana.seen.clear()
    await say(pair, pair.ana, FORM)
    assert "Ana (0), Bob (0)" in lines(pair.ana)
