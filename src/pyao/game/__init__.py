"""The running game: world, accounts and store together, and who is connected as whom."""

from pyao.game.changes import Changes
from pyao.game.client import Client
from pyao.game.game import Game, PasswordChange

__all__ = ["Changes", "Client", "Game", "PasswordChange"]
