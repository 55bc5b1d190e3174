"""A server's run on tape: everything that enters the game, and everything that is sent.

The game is a machine without a will of its own: from the same store, with the same dice and the
same entries at the same times, it says the same. `tape` is the file, `recorder` writes it while a
server runs, `difference` compares two of them. `pyao.replay` plays one.
"""

from pyao.recording.difference import Difference, compare
from pyao.recording.recorder import HeldClock, Recorder, begin
from pyao.recording.tape import Entry, Header, Tape, Way, create_tape, read_tape

__all__ = [
    "Difference",
    "Entry",
    "Header",
    "HeldClock",
    "Recorder",
    "Tape",
    "Way",
    "begin",
    "compare",
    "create_tape",
    "read_tape",
]
