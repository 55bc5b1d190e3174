from __future__ import annotations

import pytest

from pyao.rules.kinds import Privilege
from pyao.rules.social import (
    WhisperProblem,
    chat_text,
    check_whisper,
    hears,
    is_staff,
    overhears_whispers,
    talk_color,
    yell_color,
)

PLAYER = Privilege.PLAYER


@pytest.mark.parametrize(
    ("privileges", "color"),
    [
        (PLAYER, (255, 255, 255)),
        (Privilege.GOD, (250, 250, 150)),
        (Privilege.ADMIN, (250, 250, 150)),
        (Privilege.COUNSELLOR, (0, 255, 0)),
        (Privilege.DEMIGOD, (0, 255, 0)),
        (Privilege.ROLE_MASTER, (0, 255, 0)),
        (PLAYER | Privilege.ROYAL_COUNCIL, (0, 255, 255)),
        (PLAYER | Privilege.CHAOS_COUNCIL, (255, 128, 64)),
    ],
)
def test_talk_has_the_colour_of_the_rank(privileges: int, color: tuple[int, int, int]) -> None:
    assert talk_color(privileges) == color


def test_the_dead_talk_in_grey_and_staff_may_choose() -> None:
    assert talk_color(PLAYER, dead=True) == (192, 192, 192)
    assert talk_color(Privilege.GOD, chosen=(1, 2, 3)) == (1, 2, 3)
    assert talk_color(Privilege.GOD, dead=True, chosen=(1, 2, 3)) == (192, 192, 192)


def test_a_yell_is_red_unless_staff_yell() -> None:
    assert yell_color(PLAYER) == (255, 0, 0)
    assert yell_color(Privilege.COUNSELLOR) == (255, 130, 15)


@pytest.mark.parametrize(
    ("speaker_dead", "listener_dead", "privileges", "heard"),
    [
        (False, False, PLAYER, True),
        (False, True, PLAYER, True),
        (True, True, PLAYER, True),
        (True, False, PLAYER, False),
        (True, False, Privilege.COUNSELLOR, True),
    ],
)
def test_the_dead_are_heard_by_the_dead_and_by_staff(
    speaker_dead: bool, listener_dead: bool, privileges: int, heard: bool
) -> None:
    got = hears(
        speaker_dead=speaker_dead, listener_dead=listener_dead, listener_privileges=privileges
    )
    assert got is heard


def whisper(
    to: int = PLAYER, by: int = PLAYER, at: tuple[int, int] = (0, 0), **more: bool
) -> WhisperProblem | None:
    return check_whisper(
        speaker_dead=more.get("dead", False),
        speaker_privileges=by,
        target_privileges=to,
        dx=at[0],
        dy=at[1],
        consulting=more.get("consulting", False),
    )


def test_a_whisper_reaches_as_far_as_one_sees() -> None:
    assert whisper(at=(8, -6)) is None
    assert whisper(at=(9, 0)) is WhisperProblem.TOO_FAR
    assert whisper(at=(0, 7)) is WhisperProblem.TOO_FAR
    assert whisper(by=Privilege.GOD, at=(50, 50)) is None
    assert whisper(by=Privilege.DEMIGOD, at=(50, 50)) is WhisperProblem.TOO_FAR


def test_the_dead_do_not_whisper() -> None:
    assert whisper(dead=True) is WhisperProblem.DEAD


def test_players_do_not_whisper_to_staff_and_gods_are_not_even_there() -> None:
    assert whisper(to=Privilege.COUNSELLOR) is WhisperProblem.STAFF
    assert whisper(to=Privilege.GOD) is WhisperProblem.ABSENT
    assert whisper(to=Privilege.ADMIN, by=Privilege.COUNSELLOR) is WhisperProblem.ABSENT
    assert whisper(to=Privilege.GOD, by=Privilege.DEMIGOD) is None
    assert whisper(to=Privilege.DEMIGOD, consulting=True) is None


def test_staff_above_counsellor_overhear_whispers() -> None:
    assert overhears_whispers(Privilege.DEMIGOD)
    assert not overhears_whispers(Privilege.COUNSELLOR)
    assert not overhears_whispers(PLAYER)


def test_staff_are_those_with_a_rank() -> None:
    assert is_staff(Privilege.PLAYER | Privilege.COUNSELLOR)
    assert not is_staff(Privilege.PLAYER | Privilege.ROYAL_COUNCIL)


def test_what_is_said_has_no_control_characters_and_an_end() -> None:
    assert chat_text("  a\x00b\nc\x1b[d  ") == "abc[d"
    assert chat_text("\t \r\n") == ""
    assert chat_text("x" * 300) == "x" * 255
    assert chat_text("¡Qué!", 3) == "¡Qu"
