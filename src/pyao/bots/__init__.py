"""Bots: clients that play by themselves and measure what they see.

Built on `protocol/` alone, as a foreign client would be; they know the server only by its port.
"""

from pyao.bots.herd import Herd
from pyao.bots.options import BotOptions, Mode, Region
from pyao.bots.play import play
from pyao.bots.report import BotReport

__all__ = ["BotOptions", "BotReport", "Herd", "Mode", "Region", "play"]
