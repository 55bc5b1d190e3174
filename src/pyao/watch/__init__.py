"""What the server shows of itself: figures for Prometheus, health pages, and what stalled the loop.

Looks on and changes nothing; a server without it plays the same. Figures are plain counters that
their owners keep anyway, read when somebody asks.
"""

from __future__ import annotations

from pyao.watch.metrics import Sources
from pyao.watch.watch import Watch

__all__ = ["Sources", "Watch"]
