from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from tests.support.packet_strategies import server_packets

from pyao.protocol import SERVER_PACKETS, MultiMessageID, ServerPacketID, msg
from pyao.protocol.client_packets import Walk
from pyao.protocol.packet import ServerPacket
from pyao.protocol.server_packets import CharacterCreate
from pyao.protocol.server_window_packets import ForgeItem


def builder_of(cls: type[ServerPacket]) -> Callable[..., bytes]:
    """Return the builder that the name of the packet promises."""
    name = cls.packet_name.lower().replace("multi_message.", "multi_")
    build: Callable[..., bytes] = getattr(msg, name)
    return build


def test_every_server_packet_has_a_builder() -> None:
    for packet_id in ServerPacketID:
        if packet_id is not ServerPacketID.MULTI_MESSAGE:
            assert callable(getattr(msg, packet_id.name.lower()))
    for message in MultiMessageID:
        assert callable(getattr(msg, f"multi_{message.name.lower()}"))


@given(server_packets())
def test_a_builder_gives_the_bytes_of_its_packet(packet: ServerPacket) -> None:
    build = builder_of(type(packet))
    assert build(*msgspec.structs.astuple(packet)) == packet.encode()
    assert build(**msgspec.structs.asdict(packet)) == packet.encode()


def test_builders_take_values_by_position_and_by_name() -> None:
    assert msg.character_move(258, 3, 4) == b"\x20\x02\x01\x03\x04"
    assert msg.character_move(258, y=4, x=3) == b"\x20\x02\x01\x03\x04"
    assert msg.dice_roll(18, 17, 16, 15, 14) == b"\x43\x12\x11\x10\x0f\x0e"
    assert msg.meditate_toggle() == b"\x44"
    assert msg.multi_npc_hit_user(1, 30) == b"\x68\x0c\x01\x1e\x00"
    assert msg.console_msg("Mañana", 3) == b"\x18\x06\x00Manana\x03"
    assert msg.guild_list(["Ñu", "b"]) == b"\x28\x04\x00\xd1u\x00b"
    assert msg.blacksmith_weapons([ForgeItem("a", 1, 2, 3, 4, 5, 6)]) == (
        b"\x33\x01\x00\x01\x00a\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00"
    )


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda: msg.character_move(40_000, 1, 1), "CHARACTER_MOVE.char_index must be an integer"),
        (lambda: msg.character_move(1, x=256, y=1), "CHARACTER_MOVE.x must be an integer 0 to 255"),
        (lambda: msg.pos_update(0, -1), "POS_UPDATE.y must be an integer 0 to 255, got -1"),
        (lambda: msg.update_gold(2**31), "UPDATE_GOLD.gold must be an integer -2147483648 to"),
        (lambda: msg.console_msg("a", 256), "CONSOLE_MSG.font must be an integer 0 to 255"),
        (lambda: msg.console_msg("a" * 32_768, 1), "CONSOLE_MSG.text must be at most 32767 bytes"),
        (lambda: msg.multi_user_hit_npc(2**31), "USER_HIT_NPC.damage must be an integer"),
        (
            lambda: msg.change_npc_inventory_slot(1, "a", 1, 1e39, 1, 1, 1, 1, 1, 1, 1),
            "CHANGE_NPC_INVENTORY_SLOT.price must be a number within",
        ),
    ],
)
def test_out_of_range_is_an_error_that_names_field_and_range(
    build: Callable[[], bytes], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        build()


@pytest.mark.parametrize("values", [(), (1,), (1, 2, 3, 4)])
def test_a_wrong_number_of_values_is_a_mistake_of_the_caller(values: tuple[int, ...]) -> None:
    fixed: Callable[..., bytes] = msg.character_move
    with pytest.raises(TypeError, match=r"CHARACTER_MOVE takes char_index, x, y; got"):
        fixed(*values)
    variable: Callable[..., bytes] = msg.guild_list
    with pytest.raises(TypeError, match=r"GUILD_LIST takes guilds; got"):
        variable(*values, 5, 6)


def test_only_server_packets_have_builders() -> None:
    build: Callable[..., object] = msg.builder
    with pytest.raises(TypeError, match="is not a server packet"):
        build(Walk)


def test_no_declaration_lacks_a_builder() -> None:
    assert all(callable(builder_of(cls)) for cls in SERVER_PACKETS)


def test_a_character_is_shown_at_another_place_by_changing_its_place_alone() -> None:
    created = CharacterCreate(258, 3, 4, 1, 2, 3, 5, 6, 7, 0, 0, "Ana <Clan>", 4, 1)
    there = msgspec.structs.replace(created, heading=4, x=90, y=17)
    assert msg.character_elsewhere(created.encode(), 4, 90, 17) == there.encode()
