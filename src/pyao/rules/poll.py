"""Polls ("encuestas"): one vote for each character and for each e-mail address.

Follows ao-libre/ao-server, ConsultasPopulares.cls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from pyao.rules.character import Character, UserId

OPTIONS_MAX = 10
TEXT_MAX_CHARS = 250
OPTION_MAX_CHARS = 80


class VoteProblem(Enum):
    """Why a vote does not count; the value is the key of the text told."""

    NO_POLL = "poll.none"
    LEVEL = "poll.low_level"
    NO_OPTION = "poll.no_option"
    VOTED = "poll.voted"
    MAIL_VOTED = "poll.mail_voted"


@dataclass(slots=True)
class Poll:
    """A question to the players. `votes` is the option each character chose, from 1."""

    number: int
    text: str
    options: tuple[str, ...]
    min_level: int = 1
    votes: dict[UserId, int] = field(default_factory=dict)
    mails: set[str] = field(default_factory=set)  # of those who voted, as the caller compares them

    def count(self, option: int) -> int:
        """Return how many chose an option."""
        return sum(chosen == option for chosen in self.votes.values())


def vote(poll: Poll | None, who: Character, option: int, mail: str) -> VoteProblem | None:
    """Count a vote, or return why it is not counted. `mail` is empty for one without an address."""
    if poll is None:
        return VoteProblem.NO_POLL
    checks = (
        (VoteProblem.LEVEL, who.level < poll.min_level),
        (VoteProblem.NO_OPTION, not 1 <= option <= len(poll.options)),
        (VoteProblem.VOTED, who.user_id in poll.votes),
        (VoteProblem.MAIL_VOTED, mail in poll.mails),
    )
    problem = next((problem for problem, applies in checks if applies), None)
    if problem is None:
        poll.votes[who.user_id] = option
        if mail:
            poll.mails.add(mail)
    return problem
