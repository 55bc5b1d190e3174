"""The blocks of the VampireTCP design sheet, run with its names spelled as Python spells them.

They stand in blocks.py, without prose.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
from tests.documents import blocks
from tests.support.rooms import Listener, Rooms
from tests.support.running import meadow_options

from pyao.app import App
from pyao.config import Origin
from pyao.errors import ConfigError, RoomError
from pyao.rooms import GenericRoom, RoomManager, RoomRefusal, RoomSettings, remote


def custom_room() -> type[GenericRoom]:
    """Return the class of the example."""
    names: dict[str, object] = {"GenericRoom": GenericRoom, "result": "the result"}
    exec(blocks.CUSTOM_ROOM, names)  # noqa: S102 - the example of the document
    made = names["CustomRoom"]
    assert isinstance(made, type)
    assert issubclass(made, GenericRoom)
    return made


async def test_the_sample_configuration_starts_a_server_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(blocks.SAMPLE)
    given = meadow_options(tmp_path)
    app = App(Origin(cli=given, env={}, cwd=tmp_path, config_file=tmp_path / "server.json"))
    assert (app.settings.server.udp_enabled, app.settings.server.udp_port) == (True, 8001)
    await app.start()
    try:
        room = app.game.world.rooms.create_room()
        assert room.settings.public
        assert room.settings.broadcast_enabled
        assert not room.settings.broadcast_default
        assert app.game.world.rooms.get_public_rooms()[-1] is room
    finally:
        await app.stop()
    without = {name: value for name, value in given.items() if name not in {"port", "host"}}
    origin = Origin(cli=without, env={}, cwd=tmp_path, config_file=tmp_path / "server.json")
    assert origin.load().server.port == 8000


def test_its_stray_brace_is_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(blocks.SAMPLE + blocks.STRAY_BRACE)
    with pytest.raises(ConfigError, match=r"server\.json:13: broken JSON"):
        Origin(cli={}, env={}, cwd=tmp_path, config_file=tmp_path / "server.json").load()


@pytest.mark.parametrize(
    ("switch", "field"),
    [
        ('"public": true', "public"),
        ('"enabled": true', "broadcast_enabled"),
        ('"default": false', "broadcast_default"),
    ],
)
async def test_each_default_of_rooms_reaches_the_rooms(
    tmp_path: Path, switch: str, field: str
) -> None:
    other = switch.replace("true", "!").replace("false", "true").replace("!", "false")
    (tmp_path / "server.json").write_text(blocks.SAMPLE.replace(switch, other))
    given = meadow_options(tmp_path)
    app = App(Origin(cli=given, env={}, cwd=tmp_path, config_file=tmp_path / "server.json"))
    await app.start()
    try:
        changed = getattr(app.game.world.rooms.create_room().settings, field)
        assert changed is not getattr(RoomSettings(), field)
    finally:
        await app.stop()


def test_the_custom_room_joins_and_its_method_answers_once_it_is_marked() -> None:
    rooms = Rooms()
    made = custom_room()
    room = rooms.manager.create_room(made)
    ana, bea = Listener("a", "Ana"), Listener("b", "Bea")
    assert rooms.manager.join(room.id, ana) is None
    assert rooms.manager.join(room.id, bea) is None
    assert ana.names() == ["room:joined"], "the inherited join still tells the others"
    with pytest.raises(RoomError) as refused:
        room.invoke_method("custom_method", [1, 2], ana)
    assert refused.value.code is RoomRefusal.PERMISSION_DENIED
    marked = type("Marked", (made,), {"custom_method": remote(vars(made)["custom_method"])})
    open_room = rooms.manager.create_room(marked)
    rooms.manager.join(open_room.id, ana)
    assert open_room.invoke_method("custom_method", [1, 2], ana) == "the result"


@pytest.mark.parametrize("name", blocks.CALLS)
def test_every_call_it_names_takes_the_arguments_it_names(name: str) -> None:
    owner = RoomManager if hasattr(RoomManager, name) else GenericRoom
    method: Callable[..., object] = getattr(owner, name)
    arguments = blocks.CALLS[name]
    inspect.signature(method).bind(None, *arguments)
    inspect.signature(method).bind(None, *(one for one in arguments if not one.endswith("?")))


def test_a_variable_that_is_flagged_is_sent_to_the_room_and_others_are_not() -> None:
    rooms = Rooms()
    room, other = rooms.manager.create_room(), rooms.manager.create_room()
    ana, bea = Listener("a", "Ana"), Listener("b", "Bea")
    rooms.manager.join(room.id, ana)
    rooms.manager.join(other.id, bea)
    room.set_variable("weather", "rain", broadcast=True)
    room.set_variable("secret", 7)
    assert ana.heard == [(room.id, "weather", "rain")]
    assert bea.heard == []
    assert (room.get_variable("weather"), room.get_variable("secret")) == ("rain", 7)


# --- beside the sheet itself --------------------------------------------------------------------


def snake(text: str) -> str:
    """Spell names such as onJoin and customMethod as Python does."""
    return re.sub(
        r"\b([a-z]+)([A-Z]\w*)\b",
        lambda m: m[1] + re.sub("[A-Z]", lambda u: f"_{u[0].lower()}", m[2]),
        text,
    )


def test_our_form_of_the_sheets_blocks_says_the_same(shared: Path) -> None:
    sheet = (shared / "seeds" / "vampiretcp-design-sheet.md").read_text(encoding="utf-8")
    sample, stray, *rest = re.findall(r"^```\n(.*?)^```", sheet, flags=re.MULTILINE | re.DOTALL)
    assert (json.loads(sample), stray) == (json.loads(blocks.SAMPLE), blocks.STRAY_BRACE)
    (head,) = [text for text in rest if "class CustomRoom" in text]
    (body,) = [text for text in rest if "return result" in text]
    theirs = ast.parse(snake(head) + indent(body, "        "))
    assert ast.dump(theirs) == ast.dump(ast.parse(blocks.CUSTOM_ROOM))
    calls = {
        (snake(name), tuple(snake(one).strip() for one in arguments.split(",") if one.strip()))
        for name, arguments in re.findall(r"`(\w+)\(([^)]*)\)`", sheet)
    }
    assert calls == set(blocks.CALLS.items())
