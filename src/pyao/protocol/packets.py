"""Every packet a client may send under one roof, for modules that answer some of them."""

from pyao.protocol.client_packets import *  # noqa: F403 - all of them is the point
from pyao.protocol.client_social_packets import *  # noqa: F403 - all of them is the point
from pyao.protocol.gm_packets import *  # noqa: F403 - all of them is the point
from pyao.protocol.gm_world_packets import *  # noqa: F403 - all of them is the point
from pyao.protocol.tables import CLIENT_PACKETS

__all__ = [cls.__name__ for cls in CLIENT_PACKETS]
