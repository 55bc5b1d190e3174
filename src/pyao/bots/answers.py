"""What a server's refusal means to a bot.

The wire has no codes for it, only texts, so a bot knows those of this server in all languages; any
other text is a refusal for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pyao.content.texts import LANGUAGES, Catalogue
from pyao.protocol import SERVER_PACKETS, Decoder
from pyao.protocol.server_packets import ErrorMsg


@dataclass(frozen=True, slots=True)
class Answers:
    """The texts of refusals after which a bot tries something else."""

    busy: frozenset[str]  # try again a little later
    taken: frozenset[str]  # the character exists: log in

    @classmethod
    def of_this_server(cls) -> Self:
        """Read the texts from the catalogue, as they look after a way over the wire."""
        catalogues = [Catalogue(language) for language in LANGUAGES]

        def texts(*keys: str) -> frozenset[str]:
            return frozenset(
                as_received(catalogue(key, seconds=0)) for catalogue in catalogues for key in keys
            )

        return cls(
            busy=texts("login.busy", "login.store_unavailable", "login.leaving", "login.replacing"),
            taken=texts("name.taken"),
        )


def as_received(text: str) -> str:
    """Return a text as a client of a server with the default encoding reads it."""
    (packet,) = Decoder(SERVER_PACKETS).feed(ErrorMsg(text).encode())
    return packet.text if isinstance(packet, ErrorMsg) else text
