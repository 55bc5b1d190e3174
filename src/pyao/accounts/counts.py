"""How log-ins and creations ended, counted for whoever watches the server."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class LoginCounts:
    """Since the start. `refused` is by the key of the text that was shown."""

    entered: int = 0
    created: int = 0
    refused: Counter[str] = field(default_factory=Counter)
