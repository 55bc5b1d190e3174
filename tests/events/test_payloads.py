"""The payloads: complete, readable both ways, and free of names a mapping uses itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pyao.events import EventTypes, Payload
from pyao.events.payloads import PAYLOADS, ClientConnected


def test_every_event_type_has_a_payload() -> None:
    assert set(PAYLOADS) == {kind.value for kind in EventTypes}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=lambda payload: payload.__name__)
def test_a_payload_is_documented_and_hides_nothing_of_a_mapping(payload: type[Payload]) -> None:
    assert (payload.__doc__ or "").rstrip().endswith(".")
    names = set(payload.__annotations__) - {"event_type", "vetoable", "recorded"}
    assert names
    assert not names & set(dir(Mapping))


def test_a_payload_reads_as_attributes_and_as_a_mapping() -> None:
    payload = ClientConnected(client_id="1", address="::1")
    assert payload["client_id"] == payload.client_id == "1"
    assert dict(payload) == {"client_id": "1", "address": "::1"}
    assert len(payload) == 2
    assert payload.get("message", {}) == {}
    with pytest.raises(KeyError):
        payload["event_type"]
