"""What members may call on a room, and what is refused."""

from __future__ import annotations

import asyncio

import pytest
from tests.support.rooms import Listener, Rooms

from pyao.errors import RoomError
from pyao.rooms import GenericRoom, RoomMember, remote


class Counter(GenericRoom):
    """A room whose members count together."""

    @remote
    def add(self, amount: int = 1) -> int:
        """Add and return the sum."""
        value = self.get_variable("count", 0)
        assert isinstance(value, int)
        self.set_variable("count", value + amount, broadcast=True)
        return value + amount

    @remote
    def untyped(self, arg1, arg2):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201 - as in the design sheet
        """Return both."""
        return [arg1, arg2]

    @remote
    def whisper(self, to: str, caller: RoomMember) -> None:
        """Answer nothing."""
        self.send(self.members[to], "whisper", caller.name)

    @remote
    def fail(self) -> None:
        """Fail."""
        raise ZeroDivisionError

    @remote
    async def slowly(self) -> str:
        """Answer later."""
        await asyncio.sleep(0)
        return "done"

    def hidden(self) -> None:
        """Be unreachable: not marked."""


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


@pytest.fixture
def room(rooms: Rooms) -> GenericRoom:
    return rooms.manager.create_room(Counter)


def test_a_marked_method_answers_its_caller(room: GenericRoom) -> None:
    assert room.invoke_method("add", [2]) == 2
    assert room.invoke_method("add", {"amount": 3}) == 5
    assert room.invoke_method("add") == 6
    assert room.invoke_method("untyped", ["a", {"b": 1}]) == ["a", {"b": 1}]


def test_a_method_that_returns_nothing_gives_none_and_knows_its_caller(
    rooms: Rooms, room: GenericRoom
) -> None:
    ana, bea = Listener("a", "Ana"), Listener("b", "Bea")
    for member in (ana, bea):
        rooms.manager.join(room.id, member)
    assert room.invoke_method("whisper", ["b"], ana) is None
    assert bea.heard[-1] == (room.id, "whisper", "Ana")


@pytest.mark.parametrize(
    "name",
    ["__class__", "__init__", "_private", "on_leave", "set_variable", "hidden", "nothing", ""],
)
def test_what_is_not_marked_is_refused(room: GenericRoom, name: str) -> None:
    with pytest.raises(RoomError, match="no method") as refused:
        room.invoke_method(name)
    assert refused.value.code == "PERMISSION_DENIED"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("add", ["x"]),
        ("add", [True]),
        ("add", [1, 2]),
        ("add", {"amount": 1, "caller": 2}),
        ("add", [0] * 40),
        ("untyped", [1]),
        ("whisper", {"to": "b", "caller": "Ana"}),
        ("whisper", {"self": 1}),
    ],
)
def test_wrong_arguments_are_refused_before_the_call(
    room: GenericRoom, name: str, args: list[object] | dict[str, object]
) -> None:
    with pytest.raises(RoomError, match=name) as refused:
        room.invoke_method(name, args)
    assert refused.value.code == "INVALID_ARGUMENT"
    assert room.get_variable("count") is None


def test_who_is_not_in_the_room_calls_nothing(rooms: Rooms, room: GenericRoom) -> None:
    ana = Listener("a", "Ana")
    with pytest.raises(RoomError, match="Ana is not in") as refused:
        room.invoke_method("add", [1], ana)
    assert refused.value.code == "NOT_IN"
    rooms.manager.join(room.id, ana)
    assert room.invoke_method("add", [1], ana) == 1
    rooms.manager.leave(room.id, "a")
    with pytest.raises(RoomError, match="Ana is not in"):
        room.invoke_method("add", [1], ana)


def test_a_failing_method_is_an_internal_error_for_its_caller_only(room: GenericRoom) -> None:
    with pytest.raises(RoomError) as refused:
        room.invoke_method("fail")
    assert refused.value.code == "INTERNAL"
    assert room.invoke_method("add") == 1


async def test_a_coroutine_method_gives_something_to_await(room: GenericRoom) -> None:
    answer = room.invoke_method("slowly")
    assert isinstance(answer, asyncio.Future)
    assert await answer == "done"


def test_a_hundred_members_lose_no_update(rooms: Rooms, room: GenericRoom) -> None:
    members = [Listener(f"m{number}") for number in range(100)]
    for member in members:
        rooms.manager.join(room.id, member)
    for member in members:
        room.invoke_method("add", [1], member)
    assert room.get_variable("count") == 100


def test_an_override_without_the_mark_hides_the_method(rooms: Rooms) -> None:
    class Silent(Counter):
        def add(self, amount: int = 1) -> int:
            return amount

    with pytest.raises(RoomError, match="no method"):
        rooms.manager.create_room(Silent).invoke_method("add")


def test_a_remote_method_must_name_its_arguments() -> None:
    with pytest.raises(TypeError, match="name every argument"):

        class Sloppy(GenericRoom):
            @remote
            def anything(self, *args: int) -> None: ...
