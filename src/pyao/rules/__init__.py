"""The game as pure functions over dataclasses. No clock, no random source, no I/O of their own."""
