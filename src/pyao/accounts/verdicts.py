"""What staff decided since the start, for characters that were on their way in at that moment.

A log-in reads account and character first and enters the world later. Without this, a ban, a mute
or a removal decided in between would miss it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pyao.accounts.refusal import LoginRefusal, Why
from pyao.rules.character import Character, UserId
from pyao.rules.names import name_key
from pyao.rules.roles import Exceptions


@dataclass(slots=True)
class Verdicts:
    """One entry per decision; times in unix seconds."""

    bans: dict[str, LoginRefusal] = field(default_factory=dict)  # by compared name of the account
    muted: dict[UserId, int] = field(default_factory=dict)
    removed: set[UserId] = field(default_factory=set)
    exceptions: dict[str, Exceptions] = field(default_factory=dict)  # as the bans
    edited: dict[UserId, int] = field(default_factory=dict)  # how often staff changed a stored one

    def ban(self, account: str, until: int, reason: str) -> None:
        """Remember that an account is shut out."""
        self.bans[name_key(account)] = LoginRefusal(Why.BANNED, 0, until, reason)

    def unban(self, account: str) -> None:
        """Forget that an account was shut out."""
        self.bans.pop(name_key(account), None)

    def edit(self, user_id: UserId) -> None:
        """Remember that a stored character was changed: who read it before must read it anew."""
        self.edited[user_id] = self.edited.get(user_id, 0) + 1

    def refusal_of(self, character: Character, now: float) -> LoginRefusal | None:
        """Return why a character must not come in, or None."""
        if character.user_id in self.removed:
            return LoginRefusal(Why.WRONG)
        ban = self.bans.get(name_key(character.account))
        return ban if ban is not None and ban.until > now else None

    def silence(self, character: Character) -> bool:
        """Let one who has come in be as silent as was decided; return whether that was news."""
        until = self.muted.pop(character.user_id, character.muted_until)
        news = until != character.muted_until
        character.muted_until = until
        return news
