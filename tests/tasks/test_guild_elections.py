from __future__ import annotations

from tests.support.dealing import Dealing, told, values
from tests.support.fellows import NAME, found_by_ana, guild_of, join_by_bob

from pyao.protocol import client_social_packets as said
from pyao.rules.guild import Alignment
from pyao.rules.kinds import Faction
from pyao.tasks.guild_elections import count_due_votes, count_votes, look_at_members


async def test_members_elect_their_leader(fellows: Dealing) -> None:
    game = fellows.running.app.game
    await fellows.send(fellows.bob, said.GuildVote("Ana"), said.GuildOpenElections())
    assert told(fellows.bob).count("No perteneces") == 2
    await join_by_bob(fellows)
    await fellows.send(fellows.bob, said.GuildVote("Bob"), said.GuildOpenElections())
    assert "No hay elecciones" in told(fellows.bob)
    assert "Solo el l" in told(fellows.bob)
    await fellows.send(fellows.ana, said.GuildOpenElections(), said.GuildOpenElections())
    assert "/voto" in told(fellows.bob)
    assert "Ya hay elecciones" in told(fellows.ana)
    await fellows.send(fellows.eva, said.GuildRequestDetails(NAME))
    assert values(fellows.eva, 80)[0][6] == 1
    await fellows.send(fellows.bob, said.GuildVote("bob"), said.GuildVote("ana"))
    await fellows.send(fellows.ana, said.GuildVote("nadie"))
    assert "Ya has votado" in told(fellows.bob)
    assert "No es miembro" in told(fellows.ana)
    count_due_votes(game)
    assert guild_of(fellows).leader_name == "Ana"
    count_votes(game, guild_of(fellows).election_until)
    await fellows.hear()
    assert guild_of(fellows).leader_name == "Bob"
    assert "Bob lidera ahora" in told(fellows.ana)
    assert "Bob lidera ahora" in guild_of(fellows).news
    await fellows.send(fellows.ana, said.GuildLeave())
    assert list(game.world.guilds.find(NAME).members) == [2]  # type: ignore[union-attr] # it is there


async def test_without_votes_the_leader_stays_and_an_open_election_is_told(
    fellows: Dealing,
) -> None:
    await join_by_bob(fellows)
    await fellows.send(fellows.ana, said.GuildOpenElections())
    fellows.running.app.game.leave(fellows.b)
    bob = await fellows.running.connect()
    bob.log_in("Bob")
    await bob.until(lambda seen: "/voto" in str(seen.values[:1]))
    count_votes(fellows.running.app.game, guild_of(fellows).election_until)
    await fellows.hear()
    assert "Ana sigue" in told(fellows.ana)


async def test_a_member_who_does_not_fit_is_expelled(fellows: Dealing) -> None:
    await join_by_bob(fellows)
    game = fellows.running.app.game
    look_at_members(game)
    assert guild_of(fellows).points == 0
    fellows.b.bandit = 1_000_000
    look_at_members(game)
    await fellows.hear()
    assert list(guild_of(fellows).members) == [1]
    assert "Te han expulsado" in told(fellows.bob)
    assert "Bob ya no representa" in told(fellows.ana)
    assert fellows.b.tag == "Bob"
    await fellows.send(fellows.eva, said.GuildRequestDetails(NAME))
    assert values(fellows.eva, 80)[0][10] == "1/5"


async def test_a_guild_falls_with_its_leader(gathering: Dealing) -> None:
    gathering.a.faction = Faction.ROYAL
    await found_by_ana(gathering, Alignment.ROYAL)
    gathering.a.faction = Faction.CHAOS
    gathering.a.bandit = 1_000_000
    look_at_members(gathering.running.app.game)
    await gathering.hear()
    assert guild_of(gathering).alignment is Alignment.NEUTRAL
    assert gathering.a.faction is Faction.NONE
    assert "Neutral" in told(gathering.ana)
    assert "Legi" in told(gathering.ana), "it is told why"
