"""Commands about guilds."""

from __future__ import annotations

from tests.console.conftest import Operator

from pyao.rules.guild import Alignment, Application, Guild, Relation


async def test_guilds_are_listed_and_shown(operator: Operator) -> None:
    assert (await operator.done("guilds")).rows == ()
    await operator.newcomer("Ana")
    ana = operator.running.player("Ana").user_id
    guild = Guild("Los Faros", Alignment.LEGAL, ana, "Ana", 0, ana, members={ana: "Ana"})
    guild.relations["torres"] = Relation.WAR
    guild.applicants[ana] = Application("Eva", "")
    operator.running.app.game.world.guilds.add(guild)
    (row,) = (await operator.done("guilds")).rows
    assert row == ("Los Faros", "legal", "Ana", 1, 1, "1970-01-01T00:00:00Z")
    facts = await operator.facts("guilds show los faros")
    assert (facts["leader"], facts["at war with"], facts["applicants"]) == ("Ana", "torres", "Eva")
    assert "there is no guild" in await operator.refused("guilds show Torres")
