"""Guilds: who may found, join and lead one, and what is written about it.

A guild knows its members by number; nothing of it stands in a character. Follows
ao-libre/ao-server, modGuilds.bas and clsClan.cls.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from pyao.rules.character import UserId
from pyao.rules.kinds import Faction, Privilege, Skill
from pyao.rules.person import NEWBIE_MAX_LEVEL, Person

GUILDS_MAX = 2_000
APPLICANTS_MAX = 10
NAME_MAX_CHARS = 30
DESCRIPTION_MAX_CHARS = 256
NEWS_MAX_CHARS = 1_024
WEBSITE_MAX_CHARS = 40
CODEX_LINES = 8
CODEX_MAX_CHARS = 256
APPLICATION_MAX_CHARS = 256
FOUNDER_LEVEL = 25
FOUNDER_LEADERSHIP = 90
VETERAN_LEVEL = 25  # below it members of a faction's guild need not serve the faction


class Alignment(IntEnum):
    """What a guild stands for; the number is the client's."""

    ROYAL = 0
    EVIL = 1
    NEUTRAL = 2
    MASTERS = 3
    LEGAL = 4
    CRIMINAL = 5


class Relation(IntEnum):
    """What two guilds are to each other; not at peace they need a word."""

    WAR = -1
    PEACE = 0
    ALLIANCE = 1


class Wish(Enum):
    """What a guild proposes to another."""

    PEACE = "peace"
    ALLIANCE = "alliance"


WORDS = ("Real", "Del Mal", "Neutral", "Game Masters", "Legal", "Criminal")
"""What alignments are called where the client shows them, by number."""


class FoundProblem(Enum):
    """Why nobody founds a guild; the value is the key of the text told."""

    IN_GUILD = "guild.in_guild"
    FOUNDED = "guild.founded_one"
    LEVEL = "guild.low_level"
    LEADERSHIP = "guild.no_leadership"
    ALIGNMENT = "guild.alignment"
    TOO_MANY = "guild.too_many"
    NAME = "guild.bad_name"
    TAKEN = "guild.taken"


class JoinProblem(Enum):
    """Why somebody does not join a guild; the value is the key of the text told."""

    IN_GUILD = "guild.in_guild"
    NEWBIE = "guild.newbie"
    NO_GUILD = "guild.unknown"
    ALIGNMENT = "guild.not_fitting"
    FULL = "guild.too_many_applicants"


class MemberProblem(Enum):
    """Why nothing changes about members; the value is the key of the text told."""

    NO_GUILD = "guild.none"
    NOT_LEADER = "guild.not_leader"
    LEADS = "guild.leader_stays"
    NOT_MEMBER = "guild.not_member"
    NOT_ASKED = "guild.not_asked"


@dataclass(frozen=True, slots=True)
class Application:
    """Who wants to join, and what it wrote."""

    name: str
    text: str


@dataclass(slots=True, eq=False)
class Guild:
    """A guild with everything that is remembered of it."""

    name: str
    alignment: Alignment
    founder: UserId
    founder_name: str
    founded: int  # unix seconds
    leader: UserId
    website: str = ""
    description: str = ""
    news: str = ""
    codex: tuple[str, ...] = ("",) * CODEX_LINES
    members: dict[UserId, str] = field(default_factory=dict)
    former: dict[UserId, str] = field(default_factory=dict)  # members who left or were expelled
    applicants: dict[UserId, Application] = field(default_factory=dict)
    notices: dict[UserId, str] = field(default_factory=dict)  # for the rejected who were away
    points: int = 0  # for members who did not stand for it any more
    election_until: int = 0  # unix seconds; 0 is no election
    votes: dict[UserId, UserId] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)  # by the other's compared name
    proposals: dict[tuple[Wish, str], str] = field(default_factory=dict)  # those of others

    @property
    def leader_name(self) -> str:
        """What its leader is called."""
        return self.members.get(self.leader, "")

    def member(self, name: str) -> UserId | None:
        """Return the member of that name, whatever the case."""
        return _called(name, self.members)

    def applicant(self, name: str) -> UserId | None:
        """Return the applicant of that name, whatever the case."""
        return _called(name, {number: one.name for number, one in self.applicants.items()})


def _called(name: str, names: dict[UserId, str]) -> UserId | None:
    wanted = name.strip().lower()
    return next((number for number, one in names.items() if one.lower() == wanted), None)


# --- founding ------------------------------------------------------------------------------------


def is_good_name(name: str) -> bool:
    """Tell whether a guild may be called so: letters without accents and single spaces."""
    letters = all(char == " " or (char.isascii() and char.isalpha()) for char in name)
    return letters and name == " ".join(name.split()) and 1 <= len(name) <= NAME_MAX_CHARS


def check_founder(
    who: Person, *, in_guild: bool, founded: bool, guilds: int
) -> FoundProblem | None:
    """Return why somebody cannot found a guild of whatever alignment, or None."""
    checks = (  # in the order in which they are told
        (FoundProblem.FOUNDED, founded),
        (FoundProblem.IN_GUILD, in_guild),
        (FoundProblem.LEVEL, who.level < FOUNDER_LEVEL),
        (FoundProblem.LEADERSHIP, who.skill(Skill.LEADERSHIP) < FOUNDER_LEADERSHIP),
        (FoundProblem.TOO_MANY, guilds >= GUILDS_MAX),
    )
    return next((problem for problem, applies in checks if applies), None)


def may_found(who: Person, alignment: int) -> bool:
    """Tell whether somebody stands for an alignment enough to found a guild of it."""
    suits = {
        Alignment.ROYAL: who.faction is Faction.ROYAL,
        Alignment.EVIL: who.faction is Faction.CHAOS,
        Alignment.NEUTRAL: who.faction is Faction.NONE,
        Alignment.MASTERS: bool(who.privileges & (Privilege.GOD | Privilege.ADMIN)),
        Alignment.LEGAL: not who.criminal,
        Alignment.CRIMINAL: who.criminal,
    }
    return any(suits[one] for one in Alignment if one == alignment)


def found(who: Person, name: str, alignment: Alignment, now_s: int, texts: Texts) -> Guild:
    """Return a new guild with its founder as leader and only member; `now_s` in unix seconds."""
    return Guild(
        name=name,
        alignment=alignment,
        founder=who.user_id,
        founder_name=who.name,
        founded=now_s,
        leader=who.user_id,
        website=one_line(texts.website, WEBSITE_MAX_CHARS),
        description=lines(texts.description, DESCRIPTION_MAX_CHARS),
        codex=codex_of(texts.codex),
        members={who.user_id: who.name},
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """What a founder wrote, as it came from a client."""

    description: str
    website: str
    codex: Sequence[str]


def one_line(text: str, most: int) -> str:
    """Return a text as one line of printable characters, cut to a length."""
    return "".join(char for char in text if char.isprintable()).strip()[:most]


def lines(text: str, most: int) -> str:
    """Return a text of printable characters and line breaks, cut to a length."""
    return "".join(char for char in text if char.isprintable() or char == "\n").strip()[:most]


def codex_of(codex: Sequence[str]) -> tuple[str, ...]:
    """Return the rules of a guild as they are kept."""
    kept = [one_line(line, CODEX_MAX_CHARS) for line in codex[:CODEX_LINES]]
    return (*kept, *[""] * (CODEX_LINES - len(kept)))


# --- members -------------------------------------------------------------------------------------


def fits(who: Person, alignment: Alignment) -> bool:
    """Tell whether somebody may be of a guild of this alignment."""
    young = who.level < VETERAN_LEVEL
    match alignment:
        case Alignment.ROYAL:
            return not who.criminal and (young or who.faction is Faction.ROYAL)
        case Alignment.EVIL:
            return who.criminal and (young or who.faction is Faction.CHAOS)
        case Alignment.NEUTRAL:
            return who.faction is Faction.NONE
        case Alignment.LEGAL:
            return not who.criminal
        case Alignment.CRIMINAL:
            return who.criminal
        case _:  # of game masters: they choose whom they let in
            return True


def check_application(who: Person, guild: Guild | None, *, in_guild: bool) -> JoinProblem | None:
    """Return why somebody cannot apply to a guild, or None."""
    if guild is None:
        return JoinProblem.IN_GUILD if in_guild else JoinProblem.NO_GUILD
    others = guild.applicants.keys() - {who.user_id}
    checks = (
        (JoinProblem.IN_GUILD, in_guild),
        (JoinProblem.NEWBIE, who.level <= NEWBIE_MAX_LEVEL),
        (JoinProblem.ALIGNMENT, not fits(who, guild.alignment)),
        (JoinProblem.FULL, len(others) >= APPLICANTS_MAX),
    )
    return next((problem for problem, applies in checks if applies), None)


def apply(who: Person, guild: Guild, text: str, guilds: Collection[Guild]) -> list[Guild]:
    """Put somebody among the applicants of one guild only; return the guilds that changed."""
    left = [one for one in guilds if one is not guild and who.user_id in one.applicants]
    for other in left:
        del other.applicants[who.user_id]
    guild.applicants[who.user_id] = Application(who.name, one_line(text, APPLICATION_MAX_CHARS))
    return [guild, *left]


def check_lead(who: UserId, guild: Guild | None) -> MemberProblem | None:
    """Return why somebody cannot do what leaders do, or None."""
    if guild is None:
        return MemberProblem.NO_GUILD
    return None if guild.leader == who else MemberProblem.NOT_LEADER


def check_leave(who: UserId, guild: Guild | None) -> MemberProblem | None:
    """Return why somebody cannot leave, or be expelled; a leader hands the lead on first."""
    if guild is None:
        return MemberProblem.NO_GUILD
    return MemberProblem.LEADS if guild.leader == who else None
