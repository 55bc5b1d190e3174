"""The way of a connection's packets into tasks."""

from __future__ import annotations

from collections.abc import Mapping

from pyao.protocol.packet import Packet
from pyao.tasks.session import Phase, Session
from pyao.tasks.task import Row, Task, TaskNull
from pyao.tasks.turn import Turn


class Dispatcher:
    """Receives the packets of one connection, in order, one at a time."""

    __slots__ = ("_clock", "_session", "_table", "_turn")

    def __init__(self, session: Session, table: Mapping[int, Row]) -> None:
        self._session = session
        self._table = table
        self._turn = Turn(session)
        self._clock = session.game.world.clock

    def receive(self, packet: Packet) -> None:
        """Turn a packet into a task and run it."""
        session, turn = self._session, self._turn
        turn.now = now = self._clock.now()
        row = self._table.get(packet.key)
        phase = session.phase
        if phase is Phase.IN_GAME:
            turn.player.last_packet_ms = now
        if row is None and phase is Phase.IN_GAME:
            TaskNull(turn, packet).run()
        elif row is None or not row.phase & phase:
            if phase is not Phase.GONE:
                session.close(f"{packet.packet_name} at the wrong time")
        elif row.alive and turn.player.dead:
            turn.tell("action.dead")
        else:
            Task(turn, packet, row.function).run()

    def lost(self, reason: str) -> None:
        """Notice that the connection is gone."""
        self._session.leave_game(reason)
