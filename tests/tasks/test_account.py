from __future__ import annotations

from tests.support.byte_client import CONSOLE_MSG, ByteClient, text
from tests.tasks.conftest import Running

SAFE_TOGGLE, RESURRECTION_TOGGLE = b"\x0a", b"\x0b"
MULTI = 104
SAFE_ON, SAFE_OFF, RES_OFF, RES_ON = 6, 7, 8, 9


async def console(client: ByteClient) -> str:
    return str((await client.get(CONSOLE_MSG)).values[0])


async def test_the_safe_lock_is_switched_and_told(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    ana.send(SAFE_TOGGLE, SAFE_TOGGLE, RESURRECTION_TOGGLE)
    told = [(await ana.get(MULTI)).values[0] for _ in range(3)]
    assert told == [SAFE_OFF, SAFE_ON, RES_ON]


async def test_a_new_password_holds_at_the_next_log_in(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    ana.send(b"\x6b" + text("wrong") + text("another"))
    refused = await console(ana)
    ana.send(b"\x6b" + text("secreto") + text("another"))
    assert await console(ana) != refused
    ana.send(b"\x47")
    await ana.until_closed()
    again = await running.connect()
    again.log_in("Ana", "secreto")
    await again.until_closed()
    again = await running.connect()
    await again.enter("Ana", "another")


async def test_what_comes_after_a_waiting_request_waits_too(running: Running) -> None:
    """A step glued behind a change of password is taken after it, not lost and not before."""
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    ana.send(b"\x6b" + text("secreto") + text("another"), b"\x77")
    await ana.get(88)
    assert not [packet for packet in ana.seen if packet.id == CONSOLE_MSG]


async def test_a_description_has_letters_and_spaces_only(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.seen.clear()
    ana.send(b"\x68" + text("[url]"))
    await console(ana)
    assert running.player("Ana").description == ""
    ana.send(b"\x68" + text("Herrera de la villa"))
    await console(ana)
    assert running.player("Ana").description == "Herrera de la villa"


async def test_a_second_creation_on_a_living_session_closes_it(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.throw_dices()
    await ana.until_closed()


async def test_any_other_packet_before_the_log_in_closes(running: Running) -> None:
    ana = await running.connect()
    ana.send(b"\x03" + text("hola"))
    await ana.until_closed()
