"""What the world is made of: definitions, maps, texts; their loaders, importers and checks.

Definitions never change while the server runs; the live state made from them is in `world/`.
"""
