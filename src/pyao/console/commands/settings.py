"""Commands about settings: of the server and of modules."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import msgspec

from pyao.config import effective, value_of
from pyao.config.fields import find, nearest, show
from pyao.console.answer import Answer, refused, said, table
from pyao.console.command import MASK, Arg, ModuleName, Rest, Text, command
from pyao.console.commands.modules import no_module
from pyao.console.desk import Call
from pyao.modules import ModuleState

COLUMNS = ("setting", "value", "live", "from")

SettingName = Annotated[str, Arg("settings")]
Verb = Annotated[str, Arg(words=("get", "set"))]

_OF_FILE: Final = ("enabled", "auto_load", "log_level")
_SECRET: Final = re.compile(r"passw|secret|token|credential|key$", re.IGNORECASE)


@command("config show", "config get")
def config_show(call: Call, name: SettingName = "") -> Answer:
    """Show all settings in force and where each came from, or those whose name holds NAME."""
    rows = [row for row in effective(call.desk.configuration.settings) if name in row[0]]
    return table(COLUMNS, rows) if rows else refused(_no_setting(name))


@command("config set", act=True)
def config_set(call: Call, name: SettingName, value: Rest) -> Answer:
    """Change a setting of the server and write it into config/server/server.yaml.

    What cannot change while the server runs takes effect at the next start.
    """
    configuration = call.desk.configuration
    setting = find(tuple(name.split(".")))
    if setting is None:
        return refused(_no_setting(name))
    try:
        parsed = setting.parse(value)
    except ValueError as expected:
        return refused(f"{setting.path}: expected {expected}; got {setting.show(value)!r}")
    if "secret" in setting.traits:
        call.arguments = f"{setting.path} {MASK}"
    plain = isinstance(parsed, bool | int | float)
    configuration.update_config("server", {setting.path: parsed if plain else value})
    path = configuration.save_config("server")
    call.record(setting.path)
    settings = configuration.settings
    source = settings.settings_sources.get(setting.name, "default")
    if value_of(settings, setting.name) == parsed:
        return said(f"{setting.path} is {setting.show(parsed)}, written into {path}")
    if not setting.live:
        return said(f"{setting.path} takes effect at the next start, written into {path}")
    return said(f"written into {path}, but {source} wins: the value in force stays")


@command("config")
async def config(
    call: Call, module: ModuleName = "", verb: Verb = "get", key: Text = "", value: Rest = ""
) -> Answer:
    """Show all settings of the server, or show or change those of one module.

    A change is tried on the module first and then written into config/modules/MODULE.yaml. The keys
    `enabled`, `auto_load` and `log_level` are of the file itself, all others of the module.
    """
    if not module:
        return config_show(call)
    manager = call.desk.modules
    manager.discover_modules()
    name = manager.resolve(module)
    if name is None:
        return no_module(call.desk, module)
    if value and verb == "get":
        return refused("config: get takes no value\nusage: config MODULE set KEY VALUE")
    if verb == "get":
        return _module_settings(call, name, key)
    if not key:
        return refused("config: KEY is missing\nusage: config MODULE set KEY VALUE")
    if _SECRET.search(key):
        call.arguments = f"{name} set {key} {MASK}"
    return await _set_for_module(call, name, key, value)


def _module_settings(call: Call, name: str, key: str) -> Answer:
    values = call.desk.configuration.load_config(name)
    pairs = {**{k: v for k, v in values.items() if k in _OF_FILE}, **values["settings"]}
    rows = [
        (label, MASK if _SECRET.search(label) else show(one))
        for label, one in pairs.items()
        if not key or label == key
    ]
    if key and not rows:
        return refused(f"{name} has no setting {key[:60]!r}; known: {', '.join(pairs)}")
    return table(COLUMNS[:2], rows)


async def _set_for_module(call: Call, name: str, key: str, value: str) -> Answer:
    configuration, manager = call.desk.configuration, call.desk.modules
    path = key if key in _OF_FILE else f"settings.{key}"
    before = configuration.load_config(name)
    configuration.update_config(name, {path: _parsed(value)})
    if manager.records[name].state is ModuleState.ENABLED and not await manager.apply_config(name):
        error = (manager.get_module_status(name) or {}).get("error")
        old = before.get(key) if key in _OF_FILE else before["settings"].get(key)
        configuration.update_config(name, {path: old})
        return refused(f"{name} keeps its settings: {error}")
    file = configuration.save_config(name)
    call.record(f"{name} {key}")
    return said(f"{key} of {name} is set, written into {file}")


def _parsed(value: str) -> Any:  # noqa: ANN401 - whatever the text says
    """Read a value: JSON where it is some (numbers, true, lists, "texts"), else the text itself.

    Not YAML, for which a bare `no` is false.
    """
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        return value


def _no_setting(name: str) -> str:
    close = nearest(tuple(name.split(".")))
    return f"no setting {name[:60]!r}; " + (f"did you mean {close}?" if close else "see `config`")
