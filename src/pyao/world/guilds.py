"""All guilds by name and by member, and which of them must be written."""

from __future__ import annotations

from collections.abc import Iterator

from pyao.rules.character import UserId
from pyao.rules.guild import Guild
from pyao.rules.names import name_key


class Guilds:
    """Finds guilds; whoever changes one says so with `mark`."""

    def __init__(self) -> None:
        self.dirty: set[Guild] = set()
        self.unreadable: set[str] = set()  # names of those in the store that cannot be read
        self._by_name: dict[str, Guild] = {}
        self._by_member: dict[UserId, Guild] = {}

    def __iter__(self) -> Iterator[Guild]:
        """Go through all guilds, in the order of their founding."""
        return iter(self._by_name.values())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._by_name)

    def names(self) -> list[str]:
        """Return what they are called, in alphabetical order."""
        return sorted(guild.name for guild in self)

    def find(self, name: str) -> Guild | None:
        """Return the guild of that name, whatever the case."""
        return self._by_name.get(name_key(name.strip()))

    def is_taken(self, name: str) -> bool:
        """Tell whether there is a guild of that name, be it one that cannot be read."""
        return self.find(name) is not None or name_key(name.strip()) in self.unreadable

    def of(self, user_id: UserId) -> Guild | None:
        """Return the guild somebody is a member of."""
        return self._by_member.get(user_id)

    def former_of(self, user_id: UserId) -> list[str]:
        """Return the names of the guilds somebody was a member of and is no more."""
        return sorted(guild.name for guild in self if user_id in guild.former)

    def founded_by(self, user_id: UserId) -> bool:
        """Tell whether somebody has founded a guild, which one does once."""
        return any(guild.founder == user_id for guild in self)

    def add(self, guild: Guild) -> None:
        """Take in a guild with its members."""
        self._by_name[name_key(guild.name)] = guild
        for user_id in guild.members:
            self._by_member[user_id] = guild

    def rename(self, guild: Guild, name: str) -> None:
        """Give a guild another name, by which the others know it too."""
        old, new = name_key(guild.name), name_key(name)
        del self._by_name[old]
        guild.name = name
        self._by_name[new] = guild
        for other in self:
            if old in other.relations:
                other.relations[new] = other.relations.pop(old)
                self.mark(other)
            for wish, known in [key for key in other.proposals if key[1] == old]:
                other.proposals[wish, new] = other.proposals.pop((wish, known))
                self.mark(other)
        self.mark(guild)

    def enrol(self, guild: Guild, user_id: UserId, name: str) -> None:
        """Make somebody a member, who applies nowhere any more."""
        for other in self:
            if other.applicants.pop(user_id, None):
                self.mark(other)
        guild.members[user_id] = name
        guild.former.pop(user_id, None)
        self._by_member[user_id] = guild
        self.mark(guild)

    def strike(self, guild: Guild, user_id: UserId) -> None:
        """Take a member out; the guild remembers that it was one."""
        name = guild.members.pop(user_id, None)
        if name is not None:
            guild.former[user_id] = name
        guild.votes.pop(user_id, None)
        self._by_member.pop(user_id, None)
        self.mark(guild)

    def mark(self, guild: Guild) -> None:
        """Remember that a guild must be written."""
        self.dirty.add(guild)
