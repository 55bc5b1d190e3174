"""The centinels, who ask players at work for a code to find out who is a program.

Follows dakara, Centinela.cpp, and ao-libre/ao-server, modCentinela.bas. Times are in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from pyao.rules.character import UserId
from pyao.rules.numbers import Roll

COUNT: Final = 5
CODE_MAX: Final = 32_000
PATIENCE_MS: Final = 120_000
LAST_CALL_MS: Final = 60_000
GRACE_MS: Final = 5_000  # before the first reminder
ROUND_MS: Final = 20 * 60_000
ROUND_SPREAD_MINUTES: Final = 10
MINUTE_MS: Final = 60_000
FAR: Final = 5  # tiles; a centinel whose player is farther away comes after it


@dataclass(slots=True)
class Question:
    """What one centinel asks: whom, for which code, and since when."""

    user_id: UserId
    code: int
    since: int
    warned: bool = False


class Answer(Enum):
    """What an answer was worth."""

    RIGHT = auto()
    WRONG = auto()
    NOT_ASKED = auto()


@dataclass(slots=True)
class Centinels:
    """Whom the centinels ask, and who passed in this round. Off until staff switches them on."""

    active: bool = False
    asking: dict[int, Question] = field(default_factory=dict)  # by number of the centinel
    passed: set[UserId] = field(default_factory=set)
    round_ends: int | None = None

    def asked(self) -> set[UserId]:
        """Return who is asked now."""
        return {question.user_id for question in self.asking.values()}

    def toggle(self) -> list[int]:
        """Switch them on or off; return the numbers of those who asked until now."""
        self.active = not self.active
        gone = list(self.asking)
        self.asking.clear()
        self.passed.clear()
        self.round_ends = None
        return gone

    def begin_round(self, now: int, roll: Roll) -> None:
        """End a round whose time is over, if nobody is asked any more."""
        if self.round_ends is None or (now >= self.round_ends and not self.asking):
            self.passed.clear()
            self.round_ends = now + ROUND_MS + roll(0, ROUND_SPREAD_MINUTES) * MINUTE_MS

    def ask(self, working: Iterable[UserId], now: int, roll: Roll) -> list[int]:
        """Let every idle centinel ask the next one at work; return the numbers of those who do."""
        asked = self.asked()
        waiting = [who for who in working if who not in self.passed and who not in asked]
        idle = [number for number in range(COUNT) if number not in self.asking]
        begun = []
        for number, who in zip(idle, waiting, strict=False):
            self.asking[number] = Question(who, roll(1, CODE_MAX), now)
            begun.append(number)
        return begun

    def overdue(self, now: int) -> list[int]:
        """Return the numbers of those who have waited long enough."""
        return [n for n, one in self.asking.items() if now - one.since >= PATIENCE_MS]

    def last_calls(self, now: int) -> list[int]:
        """Return the numbers of those who remind for the last time now."""
        due = [
            n
            for n, one in self.asking.items()
            if not one.warned and LAST_CALL_MS <= now - one.since < PATIENCE_MS
        ]
        for number in due:
            self.asking[number].warned = True
        return due

    def reminders(self, now: int) -> list[int]:
        """Return the numbers of those who have waited for more than a moment."""
        return [n for n, one in self.asking.items() if now - one.since >= GRACE_MS]

    def of(self, user_id: UserId) -> int | None:
        """Return the number of the centinel that asks somebody."""
        return next((n for n, one in self.asking.items() if one.user_id == user_id), None)

    def answer(self, user_id: UserId, code: int) -> tuple[Answer, int]:
        """Take an answer; return what it was worth, and the number of the centinel."""
        number = self.of(user_id)
        if number is None:
            return Answer.NOT_ASKED, 0
        if self.asking[number].code != code:
            return Answer.WRONG, number
        self.passed.add(user_id)
        del self.asking[number]
        return Answer.RIGHT, number

    def give_up(self, number: int) -> Question:
        """Let a centinel ask no more; whom it asked has had its turn in this round."""
        question = self.asking.pop(number)
        self.passed.add(question.user_id)
        return question
