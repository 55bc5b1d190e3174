"""Who bot number n is: name, race, class, head; the same in every run."""

from __future__ import annotations

from typing import Final

from pyao.protocol.client_packets import LoginExistingChar, LoginNewChar
from pyao.rules.balance import CLASSES, RACES
from pyao.rules.kinds import Gender

VERSION: Final = (0, 13, 0)
HOMES: Final = 5

# No syllables that make words which servers forbid in names.
_SYLLABLES: Final = tuple(a + b for a in "dfgklmnrsv" for b in "aeiou")


def bot_name(number: int, prefix: str = "Bot") -> str:
    """Return the name of a bot: letters and one space, unique below 125,000."""
    count = len(_SYLLABLES)
    syllables = (number // count**place % count for place in (2, 1, 0))
    return f"{prefix} {''.join(_SYLLABLES[each] for each in syllables).capitalize()}"


def creation(number: int, name: str, password: str) -> LoginNewChar:
    """Return the packet that creates a bot's character: all races, classes, genders in turn."""
    race = number % len(RACES) + 1
    gender = Gender(number % len(Gender) + 1)
    first, last = RACES[race].heads(gender)
    return LoginNewChar(
        name,
        password,
        *VERSION,
        race,
        gender,
        number % len(CLASSES) + 1,
        first + number % (last - first + 1),
        "bot@example.org",
        number % HOMES + 1,
    )


def log_in(name: str, password: str) -> LoginExistingChar:
    """Return the packet that enters the game with an existing character."""
    return LoginExistingChar(name, password, *VERSION)
