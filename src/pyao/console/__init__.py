"""The operator's text console: one core that answers lines, and the doors that lead to it.

A line becomes a structured `Answer`. The server's own terminal, the local socket and tests use the
same core. Players never reach it: their commands are in `pyao.tasks.commands`.
"""
