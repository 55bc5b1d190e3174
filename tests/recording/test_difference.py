from __future__ import annotations

from pyao.net import Reason
from pyao.protocol import ServerPacket
from pyao.protocol.client_packets import LoginExistingChar, Walk
from pyao.protocol.server_packets import CharacterMove, ConsoleMsg
from pyao.recording import Entry, Way, compare
from pyao.recording.difference import TAIL_MS, describe

OPEN = Entry(1_000, Way.OPEN, 1, "192.0.2.1")
LOGIN = Entry(1_010, Way.PACKET, 1, LoginExistingChar("Ana", "x", 0, 13, 0).encode().hex())
WALK = Entry(2_000, Way.PACKET, 1, Walk(3).encode().hex())
STOP = Entry(9_000, Way.STOP)
STEPS = [CharacterMove(7, x, 50) for x in range(50, 60)]


def sent(at: int, *packets: ServerPacket, who: int = 1) -> Entry:
    data = b"".join(packet.encode() for packet in packets)
    return Entry(at, Way.SENT, who, data.hex())


def lost(at: int, reason: str = Reason.CLIENT) -> Entry:
    return Entry(at, Way.LOST, 1, str(reason))


def test_how_packets_were_cut_into_writes_is_no_difference() -> None:
    one = [OPEN, LOGIN, sent(1_020, STEPS[0], STEPS[1]), STOP]
    other = [OPEN, LOGIN, sent(1_020, STEPS[0]), sent(1_050, STEPS[1]), STOP]
    assert compare(one, other) == []


def test_the_first_packet_that_differs_is_told_with_what_led_to_it() -> None:
    one = [OPEN, LOGIN, sent(1_020, *STEPS[:4]), WALK, sent(2_010, STEPS[4], STEPS[5]), STOP]
    other = [OPEN, LOGIN, sent(1_020, *STEPS[:4]), WALK, sent(2_010, STEPS[4], STEPS[6]), STOP]
    (found,) = compare(one, other, start=1_000)
    assert found.lines() == [
        "connection 1 (Ana), 1.01 s after the start, packet 6 to the client",
        "  after it sent  WALK heading=3",
        "  then           CHARACTER_MOVE char_index=7 x=52 y=50",
        "  then           CHARACTER_MOVE char_index=7 x=53 y=50",
        "  then           CHARACTER_MOVE char_index=7 x=54 y=50",
        "  recorded       CHARACTER_MOVE char_index=7 x=55 y=50",
        "  this build     CHARACTER_MOVE char_index=7 x=56 y=50",
    ]


def test_what_is_missing_or_too_much_is_told() -> None:
    one = [OPEN, sent(1_020, STEPS[0]), STOP]
    other = [OPEN, sent(1_020, STEPS[0], STEPS[1]), STOP]
    move = STEPS[1].describe()
    assert [(it.expected, it.came) for it in compare(one, other)] == [("nothing more", move)]
    assert [(it.expected, it.came) for it in compare(other, one)] == [(move, "nothing more")]


def test_where_the_words_are_alike_the_rest_is_shown() -> None:
    long = "a" * 100
    one = [OPEN, sent(1_020, ConsoleMsg(long + "b", 1)), STOP]
    other = [OPEN, sent(1_020, ConsoleMsg(long + "c", 1)), STOP]
    (found,) = compare(one, other)
    assert found.expected == f"CONSOLE_MSG text='{long}b'"
    assert found.came == f"CONSOLE_MSG text='{long}c'"


def test_bytes_that_no_table_explains_are_shown_as_they_are() -> None:
    one = [OPEN, Entry(1_020, Way.SENT, 1, "ff01"), STOP]
    other = [OPEN, Entry(1_020, Way.SENT, 1, "ff02"), STOP]
    (found,) = compare(one, other)
    assert (found.expected, found.came) == ("ff 01", "ff 02")


def test_what_a_client_was_not_sent_any_more_when_it_hung_up_is_no_difference() -> None:
    one = [OPEN, sent(1_020, STEPS[0]), lost(5_000), STOP]
    late = sent(5_000 - TAIL_MS + 10, STEPS[1])
    assert compare(one, [OPEN, sent(1_020, STEPS[0]), late, lost(5_000), STOP]) == []
    early = sent(5_000 - TAIL_MS - 10, STEPS[1])
    assert compare(one, [OPEN, sent(1_020, STEPS[0]), early, lost(5_000), STOP])


def test_what_the_server_ended_it_has_said_in_full() -> None:
    one = [OPEN, sent(1_020, STEPS[0]), lost(1_030, "left the game"), STOP]
    other = [OPEN, sent(1_020, *STEPS[:2]), lost(1_030, "left the game"), STOP]
    assert compare(one, other)


def test_a_tape_that_was_cut_may_end_in_the_middle() -> None:
    one = [OPEN, sent(1_020, STEPS[0])]
    assert compare(one, [OPEN, sent(1_020, *STEPS[:2])]) == []


def test_differences_come_in_the_order_in_which_they_came_about() -> None:
    one = [OPEN, sent(1_100, STEPS[0]), sent(1_050, STEPS[0], who=2), STOP]
    other = [OPEN, sent(1_100, STEPS[1]), sent(1_050, STEPS[1], who=2), STOP]
    assert [found.who for found in compare(one, other)] == [2, 1]


def test_what_no_client_sends_is_described_as_bytes() -> None:
    assert describe(b"\xfd\x01").startswith("fd 01 (")
    assert describe(Walk(1).encode()) == "WALK heading=1"
