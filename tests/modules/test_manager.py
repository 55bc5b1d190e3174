"""Life of modules: found, ordered, loaded, enabled, refused, removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from structlog.typing import EventDict
from tests.support.small_server import Workshop

from pyao.config import ConfigurationManager, Origin
from pyao.errors import ConfigError
from pyao.events.payloads import ClientMessage
from pyao.modules import BaseModule, ModuleInfo, ModuleServer, ModuleState
from pyao.modules.manager import ModuleConfig

HEAD = """
from pyao.modules import BaseModule, ModuleInfo
"""

# Every step of a life overridden, with nothing in it.
PLAIN = """
from pyao.modules import BaseModule, ModuleInfo

class Plain(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.module_info = ModuleInfo("Plain", "2.1", "does nothing", "A. Author")

    async def load(self):
        return True

    async def enable(self):
        return True

    async def disable(self):
        return True

    async def unload(self):
        return True
"""

# Registers with all four arguments before it says its name, and depends on files by name.
LISTENER = """
from pyao.modules import BaseModule, EventPriority, EventTypes, ModuleInfo

class Listener(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.seen = []
        self.server.event_manager.register_handler(
            EventTypes.CLIENT_MESSAGE.value, self.hear, self.module_info.name, EventPriority.NORMAL
        )
        self.module_info = ModuleInfo("Listener", dependencies=["sqlite_module", "network_module"])

    async def hear(self, event):
        self.seen.append((event.data.get("message"), event.data.get("client_id")))
"""

TRACE = """
from pyao.modules import BaseModule, ModuleInfo

class Traced(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.module_info = ModuleInfo(name="Traced", dependencies={dependencies})

    async def load(self):
        self.server.broadcast_message("{name} load")
        return {load}

    async def enable(self):
        self.server.broadcast_message("{name} enable")
        return {enable}

    async def disable(self):
        self.server.broadcast_message("{name} disable")
        return True

    async def unload(self):
        self.server.broadcast_message("{name} unload")
        return True
"""


def write_traced(
    workshop: Workshop,
    name: str,
    *dependencies: str,
    load: str = "True",
    enable: str = "True",
) -> None:
    text = TRACE.format(name=name, dependencies=list(dependencies), load=load, enable=enable)
    workshop.write(name, text)


async def test_a_module_is_known_by_the_name_it_gives_itself(workshop: Workshop) -> None:
    module = await workshop.start("plain_module", PLAIN)
    assert module.state is ModuleState.ENABLED
    assert module.is_enabled
    status = workshop.manager.get_module_status("Plain")
    assert status is not None
    assert (status["name"], status["title"], status["version"], status["author"]) == (
        "plain_module",
        "Plain",
        "2.1",
        "A. Author",
    )
    assert await workshop.manager.unload_module("plain_module")
    assert workshop.manager.modules == {}


async def test_a_handler_of_a_module_hears_messages_while_enabled(
    workshop: Workshop,
) -> None:
    for name in ("sqlite_module", "network_module"):
        write_traced(workshop, name)
    workshop.write("listener", LISTENER)
    assert await workshop.manager.load_all_modules() == [
        "sqlite_module",
        "network_module",
        "listener",
    ]
    module = workshop.module("listener")
    events = workshop.server.event_manager
    message = ClientMessage(client_id="7", message={"type": "ping"}, authenticated=True)
    await events.announce(message)
    assert module.seen == [({"type": "ping"}, "7")]  # type: ignore[attr-defined] # of the file above
    assert await workshop.manager.disable_module("listener")
    await events.announce(message)
    assert len(module.seen) == 1  # type: ignore[attr-defined] # of the file above
    assert not events.hears("client:message")


async def test_states_follow_the_life_of_a_module(workshop: Workshop) -> None:
    write_traced(workshop, "one")
    manager = workshop.manager
    assert manager.discover_modules() == ["one"]
    assert workshop.state("one") == "unloaded"
    assert await manager.load_module("one")
    assert workshop.state("one") == "loaded"
    assert await manager.enable_module("one")
    assert await manager.enable_module("one")
    assert workshop.state("one") == "enabled"
    assert await manager.disable_module("one")
    assert workshop.state("one") == "disabled"
    assert await manager.enable_module("one")
    assert await manager.unload_module("one")
    assert workshop.state("one") == "unloaded"
    assert workshop.server.said == [
        "one load",
        "one enable",
        "one disable",
        "one enable",
        "one disable",
        "one unload",
    ]
    assert workshop.server.event_types() == [
        "module:loaded",
        "module:enabled",
        "module:disabled",
        "module:enabled",
        "module:disabled",
        "module:unloaded",
    ]


async def test_an_unknown_module_is_refused(workshop: Workshop) -> None:
    assert not await workshop.manager.load_module("nothing")
    assert workshop.manager.get_module_status("nothing") is None


async def test_a_file_dropped_into_the_folder_is_found(workshop: Workshop) -> None:
    assert workshop.manager.discover_modules() == []
    write_traced(workshop, "late")
    assert await workshop.manager.enable_module("late")


def needing(names: str) -> str:
    return f"""{HEAD}class A(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.module_info = ModuleInfo("A", dependencies={names})
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("import no_such_library\n", "no_such_library"),
        ("x = 1\n", "expected one subclass of BaseModule, found none"),
        (
            f"{HEAD}class A(BaseModule): pass\nclass B(BaseModule): pass\n",
            "one subclass of BaseModule, found A, B",
        ),
        (f"{HEAD}class A(BaseModule):\n    def __init__(self, server): 1 / 0\n", "ZeroDivision"),
        (f"{HEAD}class A(BaseModule):\n    def __init__(self, server): pass\n", "super().__init__"),
        (needing("'sqlite_module'"), "expected a list of names, came 'sqlite_module'"),
        (needing("None"), "expected a list of names, came None"),
        (f"{HEAD}class A(BaseModule):\n    async def load(self): return False\n", "load said no"),
        (f"{HEAD}class A(BaseModule):\n    async def load(self): 1 / 0\n", "ZeroDivision"),
        (f"{HEAD}class A(BaseModule):\n    async def enable(self): return False\n", "said no"),
        (
            f"""{HEAD}import asyncio
class A(BaseModule):
    async def enable(self): await asyncio.Event().wait()
""",
            "no answer within",
        ),
        (
            f"""{HEAD}class A(BaseModule):
    async def load(self):
        self.command('salir', print)
        return True
""",
            "/salir is a command of the server",
        ),
    ],
)
async def test_a_broken_module_is_an_error_with_its_reason_and_leaves_nothing(
    workshop: Workshop, text: str, reason: str
) -> None:
    before = workshop.server.registered()
    workshop.write("broken", text)
    write_traced(workshop, "sound")
    assert await workshop.manager.load_all_modules() == ["sound"]
    assert workshop.state("broken") == "error"
    assert reason in workshop.error("broken")
    assert "broken" not in workshop.manager.modules
    assert (workshop.manager.get_module_status("broken") or {})["failures"] <= 1, "tried once"
    assert "module:failed" in workshop.server.event_types()
    assert await workshop.manager.unload_module("sound")
    assert workshop.server.registered() == before


async def test_a_mended_module_can_be_loaded_again(workshop: Workshop) -> None:
    workshop.write("one", "1 /")
    assert not await workshop.manager.enable_module("one")
    write_traced(workshop, "one")
    assert await workshop.manager.enable_module("one")
    assert workshop.error("one") == ""


async def test_dependencies_are_loaded_first_and_unloaded_last(workshop: Workshop) -> None:
    write_traced(workshop, "a", "b", "c")
    write_traced(workshop, "b", "c")
    write_traced(workshop, "c")
    assert await workshop.manager.load_all_modules() == ["c", "b", "a"]
    workshop.server.said.clear()
    await workshop.manager.shutdown()
    assert workshop.server.said == [
        "a disable",
        "a unload",
        "b disable",
        "b unload",
        "c disable",
        "c unload",
    ]


async def test_a_circle_and_a_missing_dependency_are_explained(workshop: Workshop) -> None:
    write_traced(workshop, "a", "b")
    write_traced(workshop, "b", "a")
    write_traced(workshop, "c", "database")
    write_traced(workshop, "d")
    write_traced(workshop, "e", "c")
    assert await workshop.manager.load_all_modules() == ["d"]
    assert "a -> b -> a is a circle" in workshop.error("a")
    assert "c needs database, which is not there" in workshop.error("c")
    assert "e needs c, which cannot be loaded" in workshop.error("e")


async def test_enabling_without_a_dependency_fails_with_a_message(workshop: Workshop) -> None:
    write_traced(workshop, "a")
    write_traced(workshop, "b", "a")
    assert not await workshop.manager.enable_module("b")
    assert workshop.error("b") == "needs a, which is not enabled; enable a first"
    assert workshop.state("b") == "unloaded"
    assert await workshop.manager.enable_module("a")
    assert await workshop.manager.enable_module("b")


async def test_a_module_that_others_need_cannot_be_taken_away(workshop: Workshop) -> None:
    write_traced(workshop, "a")
    write_traced(workshop, "b", "a")
    await workshop.manager.load_all_modules()
    assert not await workshop.manager.disable_module("a")
    assert workshop.error("a") == "b needs it; disable that first"
    assert not await workshop.manager.unload_module("a")
    assert workshop.state("a") == "enabled"
    assert await workshop.manager.disable_module("b")
    assert await workshop.manager.disable_module("a")


async def test_load_order_and_short_names_are_honoured(tmp_path: Path) -> None:
    workshop = Workshop(
        tmp_path,
        mapping={"custom": "custom_module", "network": "net_part"},
        load_order=["network", "sqlite", "custom"],
    )
    for name in ("custom_module", "another", "net_part"):
        write_traced(workshop, name)
    assert await workshop.manager.load_all_modules() == ["net_part", "custom_module", "another"]
    assert workshop.manager.get_module("custom") is workshop.module("custom_module")


async def test_a_module_stays_off_when_its_file_says_so(workshop: Workshop) -> None:
    for name in ("off", "later", "on"):
        write_traced(workshop, name)
    workshop.configs = {"off": {"enabled": False}, "later": {"auto_load": False}}
    assert await workshop.manager.load_all_modules() == ["on"]
    assert await workshop.manager.enable_module("later")


async def test_a_built_in_module_is_loaded_only_when_named(tmp_path: Path) -> None:
    class Extra(BaseModule):
        pass

    silent = Workshop(tmp_path, builtin={"extra": Extra})
    assert await silent.manager.load_all_modules() == []
    assert await silent.manager.enable_module("extra")
    named = Workshop(tmp_path, builtin={"extra": Extra}, load_order=["extra"])
    assert await named.manager.load_all_modules() == ["extra"]
    assert type(named.module("extra")) is Extra


async def test_settings_reach_the_module_and_cannot_be_changed_by_it(workshop: Workshop) -> None:
    workshop.configs["one"] = {"settings": {"setting1": "value1", "list": [1]}}
    write_traced(workshop, "one")
    assert await workshop.manager.enable_module("one")
    module = workshop.module("one")
    assert module.config["setting1"] == "value1"
    with pytest.raises(TypeError):
        module.config["setting1"] = "other"  # type: ignore[index] # on purpose


async def test_edited_settings_are_offered_to_the_module(workshop: Workshop) -> None:
    text = """
from pyao.modules import BaseModule

class Careful(BaseModule):
    async def on_config(self, config):
        return config["speed"] < 10
"""
    workshop.configs["careful"] = {"settings": {"speed": 1}}
    module = await workshop.start("careful", text)
    workshop.configs["careful"] = {"settings": {"speed": 5}}
    assert await workshop.manager.apply_config("careful")
    assert module.config["speed"] == 5
    workshop.configs["careful"] = {"settings": {"speed": 50}}
    assert not await workshop.manager.apply_config("careful")
    assert (module.config["speed"], module.server.settings["speed"]) == (5, 5)
    assert workshop.error("careful") == "on_config said no"


async def test_enabled_in_the_file_switches_a_module_off_and_on(workshop: Workshop) -> None:
    write_traced(workshop, "one")
    await workshop.manager.load_all_modules()
    workshop.configs["one"] = {"enabled": False}
    assert await workshop.manager.apply_config("one")
    assert workshop.state("one") == "unloaded"
    workshop.configs["one"] = {"enabled": True}
    assert await workshop.manager.apply_config("one")
    assert workshop.state("one") == "enabled"
    assert not await workshop.manager.apply_config("nothing")


async def test_a_module_with_a_wrong_file_is_not_loaded(workshop: Workshop) -> None:
    def read(name: str) -> ModuleConfig:
        raise ConfigError(f"{name}.yaml:3: settings.speed: expected a number, came 'fast'")

    workshop.manager._config = read
    write_traced(workshop, "one")
    assert await workshop.manager.load_all_modules() == []
    assert "one.yaml:3" in workshop.error("one")


async def test_a_modules_log_level_is_its_own(workshop: Workshop) -> None:
    workshop.configs["loud"] = {"log_level": "DEBUG"}
    for name in ("loud", "quiet"):
        write_traced(workshop, name)
    await workshop.manager.load_all_modules()
    assert workshop.module("loud").logger.is_enabled_for(10)
    workshop.configs["loud"] = {"log_level": "ERROR"}
    assert await workshop.manager.apply_config("loud")
    assert not workshop.module("loud").logger.is_enabled_for(20)
    assert workshop.module("loud").logger.is_enabled_for(40)


async def test_modules_find_each_other_while_enabled(workshop: Workshop) -> None:
    write_traced(workshop, "one")
    write_traced(workshop, "two")
    await workshop.manager.load_all_modules()
    server: ModuleServer = workshop.module("one").server
    assert server.module("two") is workshop.module("two")
    await workshop.manager.disable_module("two")
    assert server.module("two") is None


CRIER = """
from pyao import BaseModule, Event

class Crier(BaseModule):
    def cry(self, text):
        event = Event("crier:cried", self.server.name, {"text": text})
        return self.server.event_manager.emit(event)
"""

HEARER = """
from pyao import BaseModule, on

class Hearer(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.heard = []

    @on("crier:cried")
    async def hear(self, event):
        self.heard.append((event.source, event.data["text"]))

    def export_state(self):
        return self.heard

    def import_state(self, state):
        self.heard = state
"""


async def test_a_module_hears_what_another_emits_also_after_a_reload(workshop: Workshop) -> None:
    crier: Any = await workshop.start("crier", CRIER)
    await workshop.start("hearer", HEARER)
    await crier.cry("one")
    for name in ("hearer", "crier"):
        assert await workshop.manager.reload_module(name)
    crier = workshop.module("crier")
    await crier.cry("two")
    hearer: Any = workshop.module("hearer")
    assert hearer.heard == [["crier", "one"], ("crier", "two")]


async def test_all_statuses_are_plain_data(workshop: Workshop) -> None:
    write_traced(workshop, "one")
    await workshop.manager.load_all_modules()
    statuses = workshop.manager.get_all_modules_status()
    assert statuses["one"]["state"] == "enabled"
    assert statuses["one"]["source"].endswith("one.py")


def test_module_info_has_defaults() -> None:
    info = ModuleInfo(name="x")
    assert info.dependencies == []
    assert ModuleInfo(name="y").dependencies is not info.dependencies


SCHEMED = """
from pyao.config import ConfigField
from pyao.modules import BaseModule

class Schemed(BaseModule):
    config_schema = [ConfigField("speed", int, required=False, default=3, max_value=9)]
    version = 1
"""


async def test_settings_are_checked_by_the_schema_a_module_brings(tmp_path: Path) -> None:
    configs = tmp_path / "config" / "modules"
    configs.mkdir(parents=True)
    file = configs / "schemed.yaml"
    configuration = ConfigurationManager(Origin(cwd=tmp_path))
    workshop = Workshop(
        tmp_path / "modules",
        config=configuration.load_config,
        register_schema=configuration.register_schema,
    )
    module = await workshop.start("schemed", SCHEMED)
    assert module.config == {"speed": 3}
    file.write_text("settings:\n  speed: 7\n")
    assert await workshop.manager.apply_config("schemed")
    assert module.config == {"speed": 7}
    file.write_text("settings:\n  speed: 70\n")
    assert not await workshop.manager.apply_config("schemed")
    assert "schemed.yaml:2" in workshop.error("schemed")
    assert module.config == {"speed": 7}
    workshop.write("schemed", SCHEMED.replace("max_value=9", "max_value=99").replace("= 1", "= 0"))
    assert await workshop.manager.reload_module("schemed")
    assert workshop.module("schemed").config == {"speed": 70}


async def test_a_refused_new_code_does_not_change_the_schema(tmp_path: Path) -> None:
    seen: list[int] = []
    workshop = Workshop(
        tmp_path, register_schema=lambda _name, schema: seen.append(schema[0].max_value)
    )
    await workshop.start("schemed", SCHEMED)
    broken = SCHEMED.replace("max_value=9", "max_value=99") + "    async def load(self): 1 / 0\n"
    workshop.write("schemed", broken)
    assert not await workshop.manager.reload_module("schemed")
    assert seen == [9, 99, 9]


async def test_a_name_in_the_load_order_that_is_not_there_stops_nobody(
    tmp_path: Path, logs: list[EventDict]
) -> None:
    workshop = Workshop(tmp_path, load_order=["network", "one"])
    write_traced(workshop, "one")
    assert await workshop.manager.load_all_modules() == ["one"]
    missing = next(entry for entry in logs if entry["event"] == "module_missing")
    assert f"no network.py in {tmp_path}" in missing["hint"]


async def test_settings_that_are_not_plain_keep_a_module_out(workshop: Workshop) -> None:
    workshop.configs["one"] = {"settings": {"a": {1: 2}}}
    write_traced(workshop, "one")
    assert not await workshop.manager.enable_module("one")
    assert "settings of one: a has the key 1" in workshop.error("one")
    workshop.configs["one"] = {"settings": {}}
    assert await workshop.manager.enable_module("one")
    workshop.configs["one"] = {"settings": {"a": object()}}
    assert not await workshop.manager.apply_config("one")
    assert workshop.state("one") == "enabled"


async def test_a_wrong_file_does_not_disturb_a_running_module(workshop: Workshop) -> None:
    write_traced(workshop, "one")
    assert await workshop.manager.enable_module("one")

    def broken(_name: str) -> ModuleConfig:
        raise ConfigError("one.yaml:1: not YAML")

    workshop.manager._config = broken
    assert not await workshop.manager.apply_config("one")
    assert not await workshop.manager.reload_module("one")
    assert (workshop.state("one"), workshop.error("one")) == ("enabled", "one.yaml:1: not YAML")


async def test_a_module_that_refuses_to_rest_rests_anyway(workshop: Workshop) -> None:
    text = "from pyao.modules import BaseModule\nclass Stubborn(BaseModule):\n"
    await workshop.start("stubborn", text + "    async def disable(self): return False\n")
    assert not await workshop.manager.disable_module("stubborn")
    assert workshop.state("stubborn") == "disabled"
    assert workshop.error("stubborn") == "disable said no"
