from __future__ import annotations

import pytest
from hypothesis import given
from tests.support.packet_strategies import client_packets, server_packets

from pyao.protocol import ClientPacketID, ServerPacketID
from pyao.protocol.client_packets import (
    Attack,
    ChangePassword,
    LoginExistingChar,
    LoginNewChar,
    ModifySkills,
    Walk,
)
from pyao.protocol.client_social_packets import Talk
from pyao.protocol.gm_packets import GmJail
from pyao.protocol.multi_messages import MultiNpcHitUser
from pyao.protocol.packet import ClientPacket, ServerPacket
from pyao.protocol.server_packets import ConsoleMsg, SendSkills, SkillLevel
from pyao.protocol.server_window_packets import GuildList


def test_a_packet_knows_its_id_name_and_size() -> None:
    assert (Walk.packet_id, Walk.key, Walk.packet_name, Walk.size) == (6, 6, "WALK", 2)
    assert Talk.size is None
    assert [field.name for field in Walk.fields] == ["heading"]


def test_a_sub_command_has_the_id_of_its_family_and_a_key_of_its_own() -> None:
    assert GmJail.packet_id == ClientPacketID.GM_COMMANDS
    assert GmJail.key == 122 * 256 + 21
    assert GmJail.packet_name == "GM_COMMANDS.JAIL"
    assert MultiNpcHitUser.packet_id == ServerPacketID.MULTI_MESSAGE
    assert MultiNpcHitUser.key == 104 * 256 + 12
    assert MultiNpcHitUser.size == 5


def test_packets_are_values() -> None:
    assert Walk(1) == Walk(heading=1)
    assert Walk(1) != Walk(2)
    assert len({Walk(1), Walk(1), Attack()}) == 2
    with pytest.raises(AttributeError):
        setattr(Walk(1), "heading", 2)  # noqa: B010 - a type checker refuses the plain spelling


def test_an_encoded_packet_is_its_id_and_its_fields() -> None:
    assert Walk(3).encode() == b"\x06\x03"
    assert Talk("ñ €").encode() == b"\x03\x03\x00\xf1 ?"
    assert GmJail("Ana", "por", 5).encode() == b"\x7a\x15\x03\x00Ana\x03\x00por\x05"


def test_text_for_the_client_is_encoded_as_asked() -> None:
    line = ConsoleMsg("ñ", 3)
    assert line.encode() == b"\x18\x01\x00n\x03"
    assert line.encode("latin-1") == b"\x18\x01\x00\xf1\x03"
    assert line.encode("utf-8") == b"\x18\x02\x00\xc3\xb1\x03"


@pytest.mark.parametrize(
    ("packet", "problem"),
    [
        (Walk(256), "WALK.heading must be an integer 0 to 255, got 256"),
        (Walk(-1), "WALK.heading must be an integer 0 to 255, got -1"),
        (Talk("a" * 40_000), "TALK.text must be at most 32767 bytes, got 40000"),
        (GmJail("a", "b", 300), "GM_COMMANDS.JAIL.minutes must be an integer 0 to 255, got 300"),
        (ModifySkills([1]), "MODIFY_SKILLS.skills must have exactly 20 items, got 1"),
        (ModifySkills([999] * 20), "MODIFY_SKILLS.skills.item must be an integer 0 to 255"),
        (MultiNpcHitUser(1, 40_000), "NPC_HIT_USER.damage must be an integer -32768 to 32767"),
        (ConsoleMsg("é" * 20_000, 3), None),
    ],
)
def test_out_of_range_is_an_error_that_names_field_and_range(
    packet: ClientPacket | ServerPacket, problem: str | None
) -> None:
    if problem is None:
        assert len(packet.encode()) == 20_004
        return
    with pytest.raises(ValueError, match=problem):
        packet.encode()


def test_the_log_line_shows_name_and_values() -> None:
    assert str(Walk(3)) == "WALK heading=3"
    assert str(Attack()) == "ATTACK"
    assert str(GmJail("Ana", "por ruido", 5)) == (
        "GM_COMMANDS.JAIL username='Ana' reason='por ruido' minutes=5"
    )


@pytest.mark.parametrize(
    "packet",
    [
        LoginExistingChar("Ana", "s3cret", 0, 13, 0),
        LoginNewChar("Ana", "s3cret", 0, 13, 0, 1, 1, 1, 1, "a@b", 1),
        ChangePassword("s3cret", "s3cret2"),
    ],
)
def test_passwords_show_in_no_log_and_no_traceback(packet: ClientPacket) -> None:
    shown = [packet.describe(), str(packet), repr(packet), str(packet.__rich_repr__())]
    assert not any("s3cret" in text for text in shown)
    assert all("***" in text for text in shown)


def test_a_huge_packet_has_a_short_log_line() -> None:
    assert str(Talk("a" * 32_000)) == f"TALK text='{'a' * 56}..."
    assert len(str(GuildList(["clan" * 40] * 5_000))) <= 300
    assert str(GuildList(["a"] * 9)).endswith("'a', ... 9]")
    assert str(SendSkills([SkillLevel(1, 50)] * 20)).startswith("SEND_SKILLS skills=[1/50, 1/50")


@given(client_packets() | server_packets())
def test_any_packet_can_be_logged_in_one_short_line(packet: ClientPacket | ServerPacket) -> None:
    assert len(packet.describe()) <= 300
    assert "\n" not in packet.describe()
    assert repr(packet).startswith(type(packet).__name__ + "(")
