"""Guilds in their stored form: eight hashes of readable text fields each.

Reading is strict: what no rule could have written makes that one guild unreadable, and it stays in
the store as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyao.errors import StorageCorrupt
from pyao.rules.character import UserId
from pyao.rules.guild import CODEX_LINES, Alignment, Application, Guild, Relation, Wish
from pyao.rules.names import name_key
from pyao.storage.keys import RedisKeys
from pyao.storage.values import Hash, storable

_TEXTS: Final = ("name", "founder_name", "website", "description", "news")
_NUMBERS: Final = ("alignment", "founder", "founded", "leader", "points", "election_until")


def guild_records(guild: Guild) -> dict[str, Hash | None]:
    """Return all of a guild by key; None for a part in which there is nothing."""
    profile = {name: storable(str(getattr(guild, name))) for name in _TEXTS}
    profile |= {name: str(int(getattr(guild, name))) for name in _NUMBERS}
    profile |= {f"codex_{number}": storable(line) for number, line in enumerate(guild.codex, 1)}
    applicants = {
        str(int(user_id)): storable(f"{one.name}:{one.text}")
        for user_id, one in guild.applicants.items()
    }
    parts: dict[str, Hash] = {
        "profile": profile,
        "members": {str(int(user_id)): name for user_id, name in guild.members.items()},
        "former": {str(int(user_id)): name for user_id, name in guild.former.items()},
        "applicants": applicants,
        "notices": {str(int(one)): storable(text) for one, text in guild.notices.items()},
        "votes": {str(int(who)): str(int(chosen)) for who, chosen in guild.votes.items()},
        "relations": {name: one.name.lower() for name, one in guild.relations.items()},
        "proposals": {
            f"{wish.value}:{name}": storable(text) for (wish, name), text in guild.proposals.items()
        },
    }
    key = name_key(guild.name)
    return {RedisKeys.guild(key, part): record or None for part, record in parts.items()}


def load_guild(name: str, parts: Mapping[str, Hash]) -> Guild:
    """Read a guild from its parts; StorageCorrupt names what is wrong with it."""
    try:
        guild = _read(parts)
    except (KeyError, ValueError) as error:
        raise StorageCorrupt(f"guild {name!r:.60}: {error!r}") from error
    if name_key(guild.name) != name or guild.leader not in guild.members:
        raise StorageCorrupt(f"guild {name!r:.60}: its name or its leader is not its own")
    return guild


def _read(parts: Mapping[str, Hash]) -> Guild:
    profile, applicants = parts["profile"], parts.get("applicants", {})
    return Guild(
        name=profile["name"],
        alignment=Alignment(int(profile["alignment"])),
        founder=UserId(int(profile["founder"])),
        founder_name=profile["founder_name"],
        founded=int(profile["founded"]),
        leader=UserId(int(profile["leader"])),
        website=profile.get("website", ""),
        description=profile.get("description", ""),
        news=profile.get("news", ""),
        codex=tuple(profile.get(f"codex_{number}", "") for number in range(1, CODEX_LINES + 1)),
        members={UserId(int(number)): name for number, name in parts["members"].items()},
        former={UserId(int(number)): name for number, name in parts.get("former", {}).items()},
        applicants={
            UserId(int(number)): Application(*body.partition(":")[::2])
            for number, body in applicants.items()
        },
        notices={UserId(int(number)): text for number, text in parts.get("notices", {}).items()},
        points=int(profile.get("points", "0")),
        election_until=int(profile.get("election_until", "0")),
        votes={UserId(int(who)): UserId(int(one)) for who, one in parts.get("votes", {}).items()},
        relations={
            name: Relation[word.upper()] for name, word in parts.get("relations", {}).items()
        },
        proposals={
            (Wish(field.partition(":")[0]), field.partition(":")[2]): text
            for field, text in parts.get("proposals", {}).items()
        },
    )
