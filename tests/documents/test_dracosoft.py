"""The blocks of the DracoSoft document, run in a whole server as they stand there.

Only the root of imports is changed. The document is read where it lies; nothing of it is copied.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from textwrap import indent

import pytest
from tests.support.commands import invoke
from tests.support.files import tree
from tests.support.running import Start, starter
from tests.support.waiting import until

from pyao.events import EventTypes
from pyao.modules import BaseModule
from pyao.modules.scope import ModuleServer

BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
HEAD = "from pyao.modules import BaseModule, Event, EventPriority, EventTypes, ModuleInfo\n\n"
OTHER = "from pyao.modules import BaseModule\n\nclass Other(BaseModule):\n    pass\n"


@pytest.fixture
def document(shared: Path) -> str:
    return (shared / "seeds" / "dracosoft-server.md").read_text(encoding="utf-8")


@pytest.fixture(name="start")
async def start_fixture(tmp_path: Path) -> AsyncIterator[Start]:
    async with starter(tmp_path) as begin:
        yield begin


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "modules"
    folder.mkdir(parents=True)
    return folder


def block(document: str, language: str, holding: str) -> str:
    """Return the one block of a language that holds some words."""
    (found,) = [
        text for kind, text in BLOCK.findall(document) if kind == language and holding in text
    ]
    return str(found)


def own_root(text: str) -> str:
    """Change the root of imports, and nothing else."""
    root = re.compile(r"^from DracoSoft_Server\.core\.\w+ import", re.MULTILINE)
    changed, count = root.subn("from pyao.modules import", text)
    assert count == 1
    return changed


def put(folder: Path, text: str) -> None:
    """Write a configuration block where its first comment, or the test, says."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text(text, encoding="utf-8")


def section(document: str, title: str) -> list[str]:
    """Return the names in code marks that begin the lines of a list."""
    text = document.split(f"### {title}\n")[1].split("\n#", maxsplit=1)[0]
    return re.findall(r"^- `(\w+)", text, flags=re.MULTILINE)


async def test_the_custom_module_loads_enables_rests_and_unloads(
    document: str, modules: Path, start: Start
) -> None:
    (modules / "custom_module.py").write_text(own_root(block(document, "python", "async def load")))
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
    document: str, modules: Path, tmp_path: Path, start: Start
) -> None:
    (modules / "custom_module.py").write_text(own_root(block(document, "python", "async def load")))
    text = block(document, "yaml", "auto_load: true")
    name = re.match(r"# (config/modules/\w+\.yaml)\n", text)
    assert name is not None
    put(tmp_path / name[1], text)
    running = await start()
    module = running.app.modules.get_module("custom_module")
    assert module is not None
    assert dict(module.config) == {"setting1": "value1", "setting2": "value2"}
    put(tmp_path / name[1], text.replace("enabled: true", "enabled: false"))
    await until(lambda: running.app.modules.get_module("custom_module") is None)


async def test_the_event_handler_hears_what_a_client_sends(
    document: str, modules: Path, start: Start
) -> None:
    handler = block(document, "python", "_handle_client_message(self, event: Event)")
    note = "    self.server.saved_data.put(message['type'], {'from': client_id})\n"
    text = f"{HEAD}class CustomModule(BaseModule):\n{indent(handler + note, '    ')}"
    (modules / "custom_module.py").write_text(text)
    running = await start()
    ana = await running.newcomer("Ana")
    ana.walk(1)
    await ana.settle()
    heard = running.app.game.changes.saved_data.get("custom_module", "walk")
    assert heard["from"] in running.app.game.connected
    assert running.app.game.events.bulkhead.failures == {}


async def test_the_dependencies_are_loaded_before_the_module_that_names_them(
    document: str, modules: Path, start: Start
) -> None:
    info = block(document, "python", "dependencies=['sqlite_module', 'network_module']")
    body = "def __init__(self, server):\n    super().__init__(server)\n" + indent(info, "    ")
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
    document: str, modules: Path, tmp_path: Path, start: Start
) -> None:
    put(tmp_path / "config" / "main.yaml", block(document, "yaml", "load_order:"))
    for name in ("network", "custom_module"):
        (modules / f"{name}.py").write_text(OTHER)
    running = await start()
    assert running.app.modules._loaded_order == ["network", "sqlite_module", "custom_module"]


async def test_the_logging_block_sets_level_and_file(
    document: str, tmp_path: Path, start: Start
) -> None:
    put(tmp_path / "config" / "server" / "server.yaml", block(document, "yaml", "logging:"))
    running = await start()
    log = running.app.settings.log
    assert log.log_level == "DEBUG"
    assert log.log_file is not None
    assert log.log_file.name == "server.log"


def test_the_folders_it_asks_for_are_made_by_init(document: str, tmp_path: Path) -> None:
    (command,) = block(document, "bash", "mkdir -p").splitlines()
    assert invoke("init", cwd=tmp_path).code == 0
    for folder in command.split()[2:]:
        assert (tmp_path / folder).is_dir(), folder
    assert tree(tmp_path)


def test_every_event_type_and_method_it_lists_is_there(document: str) -> None:
    types = section(document, "Event Types")
    assert len(types) == 5
    assert all(name in EventTypes.__members__ for name in types)
    life = section(document, "Module Lifecycle Methods")
    assert life == ["load", "unload", "enable", "disable"]
    assert all(callable(getattr(BaseModule, name)) for name in life)
    core = section(document, "Core Server Methods")
    assert {"broadcast_message", "shutdown"} <= {
        name for name in core if hasattr(ModuleServer, name)
    }
