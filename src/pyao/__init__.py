"""PyAO Server: an Argentum Online server in Python."""
