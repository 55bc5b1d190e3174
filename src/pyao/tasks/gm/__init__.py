"""Orders of game masters: what staff does from inside the game.

Each is one decorated function (`door.order`), answered as a packet and as typed words alike.
"""
