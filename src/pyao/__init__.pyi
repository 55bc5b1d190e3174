from pyao.config import ConfigField as ConfigField
from pyao.events import Event as Event
from pyao.events import EventPriority as EventPriority
from pyao.events import EventTypes as EventTypes
from pyao.events import payloads as payloads
from pyao.modules import BaseModule as BaseModule
from pyao.modules import Caller as Caller
from pyao.modules import Client as Client
from pyao.modules import ModuleInfo as ModuleInfo
from pyao.modules import ModuleServer as ModuleServer
from pyao.modules import ModuleState as ModuleState
from pyao.modules import on as on
from pyao.protocol import msg as msg
from pyao.protocol import packets as packets
from pyao.rooms import GenericRoom as GenericRoom
from pyao.rooms import Plain as Plain
from pyao.rooms import RoomMember as RoomMember
from pyao.rooms import RoomRefusal as RoomRefusal
from pyao.rooms import remote as remote
from pyao.tasks import Turn as Turn
from pyao.world import MapRoom as MapRoom

__version__: str
