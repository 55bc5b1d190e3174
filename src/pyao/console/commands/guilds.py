"""Commands about guilds: who leads them, who is in them, what they are to each other."""

from __future__ import annotations

from typing import Annotated

from pyao.console.answer import Answer, facts, refused, table
from pyao.console.command import Arg, command
from pyao.console.commands.records import moment
from pyao.console.desk import Call
from pyao.rules.diplomacy import related
from pyao.rules.guild import Guild, Relation

GuildName = Annotated[str, Arg("guilds", rest=True)]


@command("guilds", "guilds list")
def guilds(call: Call) -> Answer:
    """List the guilds: what they stand for, who leads them, how many are in them."""
    return table(
        ("name", "alignment", "leader", "members", "applicants", "founded"),
        [
            (
                guild.name,
                guild.alignment.name.lower(),
                guild.leader_name,
                len(guild.members),
                len(guild.applicants),
                moment(guild.founded),
            )
            for guild in call.game.world.guilds
        ],
    )


@command("guilds show")
def guilds_show(call: Call, name: GuildName) -> Answer:
    """Show all about a guild."""
    guild = call.game.world.guilds.find(name)
    if guild is None:
        return refused(f"there is no guild {name!r}; `guilds` lists them")
    return facts(described(guild).items())


def described(guild: Guild) -> dict[str, str | int]:
    """Return what is known of a guild, in words."""
    return {
        "name": guild.name,
        "alignment": guild.alignment.name.lower(),
        "leader": guild.leader_name,
        "founder": guild.founder_name,
        "founded": moment(guild.founded),
        "members": ", ".join(sorted(guild.members.values())),
        "applicants": ", ".join(sorted(one.name for one in guild.applicants.values())),
        "at war with": ", ".join(related(guild, Relation.WAR)),
        "allied with": ", ".join(related(guild, Relation.ALLIANCE)),
        "points against it": guild.points,
        "election until": moment(guild.election_until) if guild.election_until else "",
        "website": guild.website,
    }
