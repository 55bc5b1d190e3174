"""The blocks of code of two design documents, in our own form.

They say what the documents' blocks say, with imports from `pyao` and names as Python spells them;
comments and prose are left out. Where the documents lie beside the project, the tests compare.
"""

from __future__ import annotations

# --- DracoSoft: a module, its configuration, its events, what it needs, logging -----------------

CUSTOM_MODULE = """
from pyao import BaseModule, ModuleInfo, ModuleState

class CustomModule(BaseModule):
    def __init__(self, server):
        super().__init__(server)
        self.module_info = ModuleInfo(
            name="CustomModule",
            version="1.0.0",
            description="what it does",
            author="who made it",
            dependencies=[]
        )

    async def load(self) -> bool:
        return True

    async def unload(self) -> bool:
        return True

    async def enable(self) -> bool:
        return True

    async def disable(self) -> bool:
        return True
"""

MODULE_FILE = """
enabled: true
auto_load: true
settings:
  setting1: value1
  setting2: value2
"""

EVENT_HANDLER = """
def __init__(self, server):
    super().__init__(server)
    self.server.event_manager.register_handler(
        EventTypes.CLIENT_MESSAGE.value,
        self._handle_client_message,
        self.module_info.name,
        EventPriority.NORMAL
    )

async def _handle_client_message(self, event: Event):
    message = event.data.get("message", {})
    client_id = event.data.get("client_id")
"""

DEPENDENCIES = """
self.module_info = ModuleInfo(
    name="CustomModule",
    version="1.0.0",
    description="what it does",
    author="who made it",
    dependencies=["sqlite_module", "network_module"]
)
"""

MAIN_FILE = """
modules:
  mapping:
    custom: "custom_module"
  load_order:
    - "network"
    - "sqlite"
    - "custom"
"""

LOGGING = """
logging:
  level: "DEBUG"
  file: "server.log"
"""

FOLDERS = ("config/server", "config/modules", "data", "logs")
EVENT_TYPES = (
    "CLIENT_CONNECTED", "CLIENT_DISCONNECTED", "CLIENT_MESSAGE", "MODULE_LOADED", "MODULE_UNLOADED",
)  # fmt: skip
LIFE = ("load", "unload", "enable", "disable")

# --- VampireTCP: its configuration, a room class, and the calls it names ------------------------

SAMPLE = """{
  "tcpPort": 8000,
  "enableUDP": true,
  "udpPort": 8001,
  "defaultRoomSettings": {
    "public": true,
    "variableBroadcast": {
      "enabled": true,
      "default": false
    }
  }
}
"""
STRAY_BRACE = "}\n"

CUSTOM_ROOM = """
class CustomRoom(GenericRoom):
    def on_join(self, client):
        super().on_join(client)

    def custom_method(self, arg1, arg2):
        return result
"""

CALLS = {
    "create_room": ("custom_room_class?", "room_settings?"),
    "get_public_rooms": (),
    "on_join": ("client",),
    "on_leave": ("client",),
    "set_variable": ("name", "value"),
    "get_variable": ("name",),
    "invoke_method": ("method_name", "args"),
}
