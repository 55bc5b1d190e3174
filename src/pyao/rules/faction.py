"""The two armies: who may enlist, what is owed for a reward, and what each reward gives.

The king commands the Royal Army ("Armada Real"), the demon the Dark Legion ("Legión Oscura"). A
rank is the number of rewards received, from 0 to 14. Follows ao-libre/ao-server, ModFacciones.bas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from pyao.rules.character import Character
from pyao.rules.guild import Alignment, Guild
from pyao.rules.kinds import Faction
from pyao.rules.person import Person

REACH = 4
ENLIST_LEVEL = 25
ENLISTMENTS_MAX = 4
BANISHED = 200  # enlistments of one whom the legion will never take again
NOBILITY_NEEDED = 1_000_000
RANK_MAX = 14


class EnlistProblem(Enum):
    """Why a noble does not take somebody in; the value is the key of the text it says."""

    MEMBER_ROYAL = "faction.already_royal"
    MEMBER_CHAOS = "faction.already_chaos"
    ENEMY_ROYAL = "faction.no_legionaries"
    ENEMY_CHAOS = "faction.no_soldiers"
    CRIMINAL = "faction.no_criminals"
    CITIZEN = "faction.no_citizens"
    TURNCOAT = "faction.turncoat"
    KILLS_ROYAL = "faction.more_criminals"
    KILLS_CHAOS = "faction.more_citizens"
    LEVEL = "faction.low_level"
    MURDERER = "faction.murderer"
    TOO_OFTEN = "faction.too_often"
    NOBILITY = "faction.more_nobility"
    NEUTRAL_GUILD = "faction.neutral_guild"


class RewardProblem(Enum):
    """Why there is no reward now; the value is the key of the text the noble says."""

    NOT_ROYAL = "faction.not_royal"
    NOT_CHAOS = "faction.not_chaos"
    KILLS_ROYAL = "faction.reward_criminals"
    KILLS_CHAOS = "faction.reward_citizens"
    LEVEL = "faction.reward_level"
    NOBILITY = "faction.reward_nobility"
    NOTHING_LEFT = "faction.only_thanks"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reward asks for: kills of the other side, and from some rank on more."""

    kills: int
    level: int = 0
    nobility: int = 0


Marks = tuple[Mark, ...]

ROYAL_MARKS: Marks = (
    *(Mark(kills) for kills in (30, 70, 130, 210, 320, 460)),
    Mark(640, level=27),
    *(Mark(kills) for kills in (870, 1160)),
    Mark(2_000, level=30),
    Mark(2_500, nobility=2_000_000),
    Mark(3_000, nobility=3_000_000),
    Mark(3_500, level=35, nobility=4_000_000),
    Mark(4_000, level=36, nobility=5_000_000),
    Mark(5_000, level=37, nobility=6_000_000),
    Mark(10_000),
)
CHAOS_MARKS: Marks = (
    *(Mark(kills) for kills in (70, 160, 300, 490, 740, 1_100)),
    Mark(1_500, level=27),
    *(Mark(kills) for kills in (2_010, 2_700)),
    Mark(4_600, level=30),
    Mark(5_800, level=31),
    Mark(6_990, level=33),
    Mark(8_100, level=35),
    Mark(9_300, level=36),
    Mark(11_500, level=37),
    Mark(23_000),
)
MARKS: Mapping[Faction, Marks] = MappingProxyType(
    {Faction.ROYAL: ROYAL_MARKS, Faction.CHAOS: CHAOS_MARKS}
)


def kills(who: Person, faction: Faction) -> int:
    """Return how many of the other side somebody has killed, which is what an army counts."""
    return who.criminals_killed if faction is Faction.ROYAL else who.citizens_killed


def next_mark(who: Person, faction: Faction) -> Mark:
    """Return what the next reward asks for; beyond the last one there are only thanks."""
    return MARKS[faction][who.faction_rank + 1]


# --- enlisting -----------------------------------------------------------------------------------


def check_enlist(who: Person, faction: Faction, guild: Guild | None) -> EnlistProblem | None:
    """Return why an army does not take somebody in, or None; tried in the documented order."""
    neutral = guild is not None and guild.alignment is Alignment.NEUTRAL
    too_often = who.enlistments > ENLISTMENTS_MAX
    royal = (
        (EnlistProblem.MEMBER_ROYAL, who.faction is Faction.ROYAL),
        (EnlistProblem.ENEMY_ROYAL, who.faction is Faction.CHAOS),
        (EnlistProblem.CRIMINAL, who.criminal),
        (EnlistProblem.KILLS_ROYAL, who.criminals_killed < ROYAL_MARKS[0].kills),
        (EnlistProblem.LEVEL, who.level < ENLIST_LEVEL),
        (EnlistProblem.MURDERER, who.citizens_killed > 0),
        (EnlistProblem.TOO_OFTEN, too_often),
        (EnlistProblem.NOBILITY, who.noble < NOBILITY_NEEDED),
        (EnlistProblem.NEUTRAL_GUILD, neutral),
    )
    chaos = (
        (EnlistProblem.CITIZEN, not who.criminal),
        (EnlistProblem.MEMBER_CHAOS, who.faction is Faction.CHAOS),
        (EnlistProblem.ENEMY_CHAOS, who.faction is Faction.ROYAL),
        (EnlistProblem.TURNCOAT, who.welcomed_royal),
        (EnlistProblem.KILLS_CHAOS, who.citizens_killed < CHAOS_MARKS[0].kills),
        (EnlistProblem.LEVEL, who.level < ENLIST_LEVEL),
        (EnlistProblem.NEUTRAL_GUILD, neutral),
        (EnlistProblem.TOO_OFTEN, too_often),
    )
    checks = royal if faction is Faction.ROYAL else chaos
    return next((problem for problem, applies in checks if applies), None)


def serves_first(who: Person, faction: Faction) -> bool:
    """Tell whether somebody has never been taken in by an army; only then it is given something."""
    return not (who.welcomed_royal if faction is Faction.ROYAL else who.welcomed_chaos)


def enlist(who: Person, faction: Faction, now_s: int) -> bool:
    """Take somebody in who was checked; return whether it is for the first time.

    Then the rank begins at 0; who comes back has the rank it left with. `now_s` is unix seconds.
    """
    first = serves_first(who, faction)
    who.faction = faction
    who.enlistments += 1
    if not first:
        return False
    if faction is Faction.ROYAL:
        who.welcomed_royal = True
    else:
        who.welcomed_chaos = True
    who.faction_rank = 0
    who.faction_level, who.faction_since = who.level, now_s
    return True


def leave(who: Character) -> Faction:
    """Go out of one's army, or be put out; return which one it was. Kills and rank stay."""
    left, who.faction = who.faction, Faction.NONE
    return left


def banish(who: Character) -> Faction:
    """Put somebody out for good: no army takes it in again."""
    who.enlistments = BANISHED
    return leave(who)


def forget(who: Character) -> Faction:
    """Forget that somebody ever served and whom it killed; return the army it was in."""
    who.faction_rank = who.faction_level = who.faction_since = who.enlistments = 0
    who.welcomed_royal = who.welcomed_chaos = False
    who.citizens_killed = who.criminals_killed = 0
    return leave(who)


# --- rewards -------------------------------------------------------------------------------------


def check_reward(who: Person, faction: Faction) -> RewardProblem | None:
    """Return why a noble rewards nobody now, or None."""
    royal = faction is Faction.ROYAL
    if who.faction is not faction:
        return RewardProblem.NOT_ROYAL if royal else RewardProblem.NOT_CHAOS
    mark = next_mark(who, faction)
    few = RewardProblem.KILLS_ROYAL if royal else RewardProblem.KILLS_CHAOS
    checks = (
        (few, kills(who, faction) < mark.kills),
        (RewardProblem.NOTHING_LEFT, who.faction_rank >= RANK_MAX),
        (RewardProblem.LEVEL, who.level < mark.level),
        (RewardProblem.NOBILITY, who.noble < mark.nobility),
    )
    return next((problem for problem, applies in checks if applies), None)


def promote(who: Person) -> None:
    """Let a member who was checked rise by one rank."""
    who.faction_rank += 1


def armour_amounts(rank: int) -> tuple[int, int, int]:
    """Return how many armours of low, medium and high defence the reward of a rank holds.

    With r = rank + 1: rhe(20 / (r + 1)), rhe(2 r / max(r - 4, 1)), rhe(1.35 r).
    """
    r = rank + 1
    return round(20 / (r + 1)), round(2 * r / max(r - 4, 1)), round(1.35 * r)
