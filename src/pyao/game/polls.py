"""The running poll, and how it is remembered between two starts of the server."""

from __future__ import annotations

import hashlib

from pyao.game.own_data import POLLS
from pyao.modules import SavedData
from pyao.modules.saved_data import Record
from pyao.rules.character import Character, UserId
from pyao.rules.poll import Poll, VoteProblem, vote

POLL, VOTES = "poll", "votes_"
VOTES_PER_RECORD = 200  # a record holds 16,384 characters
MAIL_CHARS = 16


class Polls:
    """At most one poll runs. E-mail addresses are kept by a part of their SHA-256 only."""

    def __init__(self, saved: SavedData) -> None:
        self._saved = saved
        self.current: Poll | None = self._load()

    def open(self, text: str, options: tuple[str, ...], min_level: int) -> Poll:
        """Begin a poll in place of the one that runs."""
        number = int(self._saved.get(POLLS, "last").get("number", "0")) + 1
        self.close()
        self.current = Poll(number, text, options, min_level)
        self._saved.put(POLLS, "last", {"number": str(number)})
        self._saved.put(POLLS, POLL, _record(self.current))
        return self.current

    def close(self) -> Poll | None:
        """End the poll that runs, and return it with its votes."""
        ended, self.current = self.current, None
        for key in self._saved.keys(POLLS):
            if key != "last":
                self._saved.put(POLLS, key, {})
        return ended

    def vote(self, who: Character, option: int) -> VoteProblem | None:
        """Count a vote, or return why it is not counted."""
        poll = self.current
        digest = hashlib.sha256(who.email.casefold().encode()).hexdigest()[:MAIL_CHARS]
        mail = digest if who.email else ""
        problem = vote(poll, who, option, mail)
        if problem is None and poll is not None:
            key = f"{VOTES}{(len(poll.votes) - 1) // VOTES_PER_RECORD}"
            kept = self._saved.get(POLLS, key)
            self._saved.put(POLLS, key, {**kept, str(int(who.user_id)): f"{option} {mail}"})
        return problem

    def _load(self) -> Poll | None:
        stored = self._saved.get(POLLS, POLL)
        if not stored:
            return None
        poll = _poll(stored)
        for key in self._saved.keys(POLLS):
            if key.startswith(VOTES):
                for voter, cast in self._saved.get(POLLS, key).items():
                    option, _, mail = cast.partition(" ")
                    poll.votes[UserId(int(voter))] = int(option)
                    poll.mails |= {mail} - {""}
        return poll


def _record(poll: Poll) -> dict[str, str]:
    options = {f"option_{number}": text for number, text in enumerate(poll.options, 1)}
    about = {"number": str(poll.number), "text": poll.text, "min_level": str(poll.min_level)}
    return {**about, **options}


def _poll(stored: Record) -> Poll:
    numbered = sorted(
        (int(name.removeprefix("option_")), text)
        for name, text in stored.items()
        if name.startswith("option_")
    )
    options = tuple(text for _, text in numbered)
    return Poll(int(stored["number"]), stored["text"], options, int(stored["min_level"]))
