"""Settings of the server: one typed tree, read from many sources in one order.

`load_settings` gives the checked tree; each setting is declared once, in settings.py. Nothing here
knows the game, the network or the store.
"""

from __future__ import annotations

from pyao.config.effect_settings import EffectsSettings
from pyao.config.fields import SETTINGS, Setting
from pyao.config.load import Origin, changed, effective, load_settings, value_of
from pyao.config.manager import ConfigChange, ConfigurationManager
from pyao.config.rule_settings import RulesSettings
from pyao.config.schema import ConfigField, ModuleFile
from pyao.config.settings import (
    GameSettings,
    LogSettings,
    ModulesSettings,
    RoomsSettings,
    ServerSettings,
    Settings,
    StorageSettings,
    WatchSettings,
)

__all__ = [
    "SETTINGS",
    "ConfigChange",
    "ConfigField",
    "ConfigurationManager",
    "EffectsSettings",
    "GameSettings",
    "LogSettings",
    "ModuleFile",
    "ModulesSettings",
    "Origin",
    "RoomsSettings",
    "RulesSettings",
    "ServerSettings",
    "Setting",
    "Settings",
    "StorageSettings",
    "WatchSettings",
    "changed",
    "effective",
    "load_settings",
    "value_of",
]
