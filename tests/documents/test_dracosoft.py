"""The blocks of the DracoSoft document, run in a whole server.

They stand in blocks.py: only the root of imports is changed, and prose is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import indent

import pytest
import yaml
from tests.documents import blocks
from tests.support.commands import invoke
from tests.support.running import Start, starter
from tests.support.waiting import until

from pyao.app import App
from pyao.events import EventTypes
from pyao.modules import BaseModule
from pyao.modules.scope import ModuleServer

HEAD = "from pyao import BaseModule, Event, EventPriority, EventTypes, ModuleInfo\n\n"
OTHER = "from pyao import BaseModule\n\nclass Other(BaseModule):\n    pass\n"


@pytest.fixture(name="start")
async def start_fixture(tmp_path: Path) -> AsyncIterator[Start]:
    async with starter(tmp_path) as begin:
        yield begin


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "modules"
    folder.mkdir(parents=True)
    return folder


def put(folder: Path, text: str) -> None:
    """Write a configuration block where its first comment, or the test, says."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text(text, encoding="utf-8")


async def test_the_custom_module_loads_enables_rests_and_unloads(
    modules: Path, start: Start
) -> None:
    (modules / "custom_module.py").write_text(blocks.CUSTOM_MODULE)
    running = await start()
    manager = running.app.modules
    module = manager.get_module("CustomModule")
    assert module is not None
    assert str(module.state) == "enabled"
    status = manager.get_module_status("CustomModule")
    assert status is not None
    assert status["version"] == "1.0.0"
    assert await manager.disable_module("CustomModule")
    assert str(module.state) == "disabled"
    assert await manager.unload_module("CustomModule")
    assert str(module.state) == "unloaded"


async def test_the_modules_file_gives_it_its_settings_and_can_keep_it_off(
    modules: Path, tmp_path: Path, start: Start
) -> None:
    (modules / "custom_module.py").write_text(blocks.CUSTOM_MODULE)
    file = tmp_path / "config" / "modules" / "custom_module.yaml"
    put(file, blocks.MODULE_FILE)
    running = await start()
    module = running.app.modules.get_module("custom_module")
    assert module is not None
    assert dict(module.config) == {"setting1": "value1", "setting2": "value2"}
    put(file, blocks.MODULE_FILE.replace("enabled: true", "enabled: false"))
    await until(lambda: running.app.modules.get_module("custom_module") is None)


async def test_the_event_handler_hears_what_a_client_sends(modules: Path, start: Start) -> None:
    note = "    self.server.saved_data.put(message['type'], {'from': client_id})\n"
    text = f"{HEAD}class CustomModule(BaseModule):\n{indent(blocks.EVENT_HANDLER + note, '    ')}"
    (modules / "custom_module.py").write_text(text)
    running = await start()
    ana = await running.newcomer("Ana")
    ana.walk(1)
    await ana.settle()
    heard = running.app.game.changes.saved_data.get("custom_module", "walk")
    assert heard["from"] in running.app.game.connected
    assert running.app.game.events.bulkhead.failures == {}


async def test_the_dependencies_are_loaded_before_the_module_that_names_them(
    modules: Path, start: Start
) -> None:
    body = "def __init__(self, server):\n    super().__init__(server)\n"
    body += indent(blocks.DEPENDENCIES, "    ")
    (modules / "custom_module.py").write_text(
        f"{HEAD}class CustomModule(BaseModule):\n{indent(body, '    ')}"
    )
    (modules / "network_module.py").write_text(OTHER)
    running = await start(modules_load_order="sqlite_module")
    assert running.app.modules._loaded_order == ["sqlite_module", "network_module", "custom_module"]
    assert not await running.app.modules.disable_module("network_module")
    status = running.app.modules.get_module_status("network_module")
    assert status is not None
    assert "custom_module needs it" in status["error"]


async def test_the_load_order_and_the_short_names_are_honoured(
    modules: Path, tmp_path: Path, start: Start
) -> None:
    put(tmp_path / "config" / "main.yaml", blocks.MAIN_FILE)
    for name in ("network", "custom_module"):
        (modules / f"{name}.py").write_text(OTHER)
    running = await start()
    assert running.app.modules._loaded_order == ["network", "sqlite_module", "custom_module"]


async def test_the_logging_block_sets_level_and_file(tmp_path: Path, start: Start) -> None:
    put(tmp_path / "config" / "server" / "server.yaml", blocks.LOGGING)
    running = await start()
    log = running.app.settings.log
    assert log.log_level == "DEBUG"
    assert log.log_file is not None
    assert log.log_file.name == "server.log"


def test_the_folders_it_asks_for_are_made_by_init(tmp_path: Path) -> None:
    assert invoke("init", cwd=tmp_path).code == 0
    for folder in blocks.FOLDERS:
        assert (tmp_path / folder).is_dir(), folder


def test_every_event_type_and_method_it_lists_is_there() -> None:
    assert all(name in EventTypes.__members__ for name in blocks.EVENT_TYPES)
    assert all(callable(getattr(BaseModule, name)) for name in blocks.LIFE)
    assert callable(App.start)
    assert callable(ModuleServer.shutdown)
    assert callable(ModuleServer.broadcast_message)


# --- beside the document itself -----------------------------------------------------------------


@pytest.fixture
def document(shared: Path) -> str:
    return (shared / "seeds" / "dracosoft-server.md").read_text(encoding="utf-8")


def block(document: str, language: str, holding: str) -> str:
    """Return the one block of a language that holds some words."""
    every = re.findall(rf"```{language}\n(.*?)```", document, flags=re.DOTALL)
    (found,) = [text for text in every if holding in text]
    return str(found)


def shape(code: str) -> str:
    """Return what code does, without its comments, its texts and where it imports from."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            node.module = "root"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize(
    ("ours", "holding"),
    [
        (blocks.CUSTOM_MODULE, "async def load"),
        (blocks.EVENT_HANDLER, "_handle_client_message(self, event: Event)"),
        (blocks.DEPENDENCIES, "dependencies=['sqlite_module', 'network_module']"),
    ],
    ids=["custom module", "event handler", "dependencies"],
)
def test_our_code_does_what_the_documents_does(document: str, ours: str, holding: str) -> None:
    assert shape(ours) == shape(block(document, "python", holding))


@pytest.mark.parametrize(
    ("ours", "holding"),
    [
        (blocks.MODULE_FILE, "auto_load: true"),
        (blocks.MAIN_FILE, "load_order:"),
        (blocks.LOGGING, "logging:"),
    ],
    ids=["module file", "main file", "logging"],
)
def test_our_files_say_what_the_documents_say(document: str, ours: str, holding: str) -> None:
    assert yaml.safe_load(ours) == yaml.safe_load(block(document, "yaml", holding))


def test_our_lists_are_those_of_the_document(document: str) -> None:
    def section(title: str) -> list[str]:
        text = document.split(f"### {title}\n")[1].split("\n#", maxsplit=1)[0]
        return re.findall(r"^- `(\w+)", text, flags=re.MULTILINE)

    assert section("Event Types") == list(blocks.EVENT_TYPES)
    assert section("Module Lifecycle Methods") == list(blocks.LIFE)
    (command,) = block(document, "bash", "mkdir -p").splitlines()
    assert command.split()[2:] == list(blocks.FOLDERS)
