"""Questions with an answer: who is online, for how long, one's own figures."""

from __future__ import annotations

from pyao.protocol.client_packets import (
    Online,
    Ping,
    RequestAtributes,
    RequestFame,
    RequestMiniStats,
    RequestMotd,
    RequestSkills,
    RequestStats,
    Uptime,
)
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import (
    Atributes,
    ConsoleMsg,
    Fame,
    MiniStats,
    Pong,
    SendSkills,
    SkillLevel,
)
from pyao.rules import reputation, social
from pyao.rules.character import Character
from pyao.rules.kinds import Privilege
from pyao.tasks.task import on
from pyao.tasks.turn import Turn

I16_MAX = 32_767
UNCOUNTED = int(social.STAFF & ~Privilege.COUNSELLOR)  # a plain number is ten times as quick
_PONG = Pong().encode()


@on(Ping)
def ping(turn: Turn, _packet: Ping) -> None:
    """Answer at once."""
    turn.reply(_PONG)


@on(Online, cost=4)
def online(turn: Turn, _packet: Online) -> None:
    """Say how many players are in the game; nobody learns of staff above counsellors."""
    players = turn.world.players.values()
    count = sum(not one.privileges & UNCOUNTED for one in players)
    turn.tell("server.online_one" if count == 1 else "server.online", count=count)


@on(Uptime)
def uptime(turn: Turn, _packet: Uptime) -> None:
    """Say for how long the server has been up."""
    seconds = (turn.now - turn.game.started_ms) // 1000
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    turn.tell("server.uptime", days=days, hours=hours, minutes=minutes, seconds=seconds)


@on(RequestMotd, cost=4)
def request_motd(turn: Turn, _packet: RequestMotd) -> None:
    """Show the message of the day."""
    lines = turn.game.motd
    if not lines:
        turn.tell("server.no_motd")
    for line in lines:
        turn.reply(ConsoleMsg(line, Font.SERVER))


@on(RequestStats, cost=2)
def request_stats(turn: Turn, _packet: RequestStats) -> None:
    """Write the player's own figures into the console."""
    player = turn.player
    tell_state(turn, player)
    turn.tell(
        "stats.hunger",
        hunger=player.hunger,
        max_hunger=player.max_hunger,
        thirst=player.thirst,
        max_thirst=player.max_thirst,
    )
    turn.tell("stats.hit", min_hit=player.min_hit, max_hit=player.max_hit)
    turn.tell("stats.gold", gold=player.gold, bank_gold=player.bank_gold)
    tell_doings(turn, player, turn.room.data.name or player.map)


def tell_state(turn: Turn, who: Character) -> None:
    """Write level and life of a character into the console."""
    turn.tell("stats.title", Font.INFO_BOLD, name=who.name)
    turn.tell(
        "stats.level",
        level=who.level,
        experience=who.experience,
        experience_next=who.experience_next,
    )
    turn.tell(
        "stats.health",
        hp=who.hp,
        max_hp=who.max_hp,
        mana=who.mana,
        max_mana=who.max_mana,
        stamina=who.stamina,
        max_stamina=who.max_stamina,
    )


def tell_doings(turn: Turn, who: Character, place: str | int) -> None:
    """Write where a character is, by the name or number of its map, and whom it has killed."""
    turn.tell("stats.position", map=place, x=who.x, y=who.y)
    turn.tell(
        "stats.kills",
        citizens=who.citizens_killed,
        criminals=who.criminals_killed,
        npcs=who.npcs_killed,
        deaths=who.deaths,
    )


@on(RequestAtributes)
def request_atributes(turn: Turn, _packet: RequestAtributes) -> None:
    """Send the five attributes."""
    own = turn.player.attributes
    turn.reply(
        Atributes(own.strength, own.agility, own.intelligence, own.charisma, own.constitution)
    )


@on(RequestSkills)
def request_skills(turn: Turn, _packet: RequestSkills) -> None:
    """Send the twenty skills, each with its progress to the next point."""
    turn.reply(skills_of(turn))


def skills_of(turn: Turn) -> SendSkills:
    """Build the skills packet: level and percent of each."""
    player = turn.player
    percents = [
        min(99, experience * 100 // needed) if needed > 0 else 0
        for experience, needed in zip(player.skill_experience, player.skill_next, strict=True)
    ]
    return SendSkills([SkillLevel(*pair) for pair in zip(player.skills, percents, strict=True)])


@on(RequestMiniStats)
def request_mini_stats(turn: Turn, _packet: RequestMiniStats) -> None:
    """Send the figures of the statistics window."""
    player = turn.player
    turn.reply(
        MiniStats(
            player.citizens_killed,
            player.criminals_killed,
            player.users_killed,
            min(player.npcs_killed, I16_MAX),
            player.char_class,
            player.jail_minutes,
        )
    )


@on(RequestFame)
def request_fame(turn: Turn, _packet: RequestFame) -> None:
    """Send the six counters of reputation and their average."""
    player = turn.player
    turn.reply(
        Fame(
            player.assassin,
            player.bandit,
            player.bourgeois,
            player.thief,
            player.noble,
            player.plebeian,
            reputation.average(player),
        )
    )
