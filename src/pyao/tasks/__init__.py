"""What a client packet does: one function per packet, grouped by domain."""

from pyao.tasks.packet_handlers import TASK_HANDLERS
from pyao.tasks.task import Task, TaskNull, on
from pyao.tasks.turn import Turn

__all__ = ["TASK_HANDLERS", "Task", "TaskNull", "Turn", "on"]
