"""Reads a page of a server's monitoring over HTTP."""

from __future__ import annotations

import http.client

from tests.support.waiting import PATIENCE_S


def fetch(address: tuple[str, int], path: str) -> tuple[int, str]:
    """Return the status and the text of a page."""
    connection = http.client.HTTPConnection(*address, timeout=PATIENCE_S)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body
