"""The pages of a real server, read over HTTP as a monitoring system would."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs
from tests.support.byte_client import EAST
from tests.support.pages import fetch
from tests.support.running import Running, Start, make_app
from tests.support.server_process import run_command
from tests.support.waiting import until

from pyao.accounts import Why
from pyao.app import App
from pyao.content.texts import Catalogue
from pyao.errors import StorageConflict
from pyao.net.stats import Reason
from pyao.watch.exposition import render
from pyao.watch.metrics import METRICS, Sources, collect

MAX_SERIES = 320


async def page(app: App, path: str) -> tuple[int, str]:
    assert app.watch.address is not None
    return await asyncio.to_thread(fetch, app.watch.address, path)


async def figures(running: Running) -> dict[str, float]:
    """Return every series, as `name{labels}` in the page's own spelling."""
    status, body = await page(running.app, "/metrics")
    assert status == 200
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in body.splitlines()
        if not line.startswith("#")
    }


async def ticked(running: Running) -> bool:
    """Tell whether the page knows of a tick."""
    return (await figures(running))["pyao_tick_lateness_seconds_count"] > 0


async def test_a_running_server_is_alive_and_ready(running: Running) -> None:
    status, body = await page(running.app, "/healthz")
    assert status == 200
    assert json.loads(body)["status"] == "ok"
    status, body = await page(running.app, "/readyz")
    assert status == 200
    assert json.loads(body)["status"] == "ready"


async def test_the_status_file_says_where_the_pages_are(running: Running) -> None:
    status = json.loads((running.app.settings.data_dir / "server.json").read_bytes())
    assert tuple(status["monitoring"]) == running.app.watch.address


async def test_what_players_do_is_counted(running: Running) -> None:
    ana = await running.newcomer("Ana")
    ana.walk(EAST)
    await ana.settle()
    stranger = await running.connect()
    stranger.log_in("Ana", "wrong password")
    await stranger.until_closed()
    found = await figures(running)
    assert found['pyao_packets_received_total{packet="walk"}'] == 1
    assert found['pyao_packets_received_total{packet="login_new_char"}'] == 1
    assert found['pyao_packets_sent_total{packet="logged"}'] == 1
    assert found['pyao_packets_sent_total{packet="dice_roll"}'] == 1
    assert found['pyao_packets_sent_total{packet="error_msg"}'] == 1
    sent = [value for name, value in found.items() if name.startswith("pyao_packets_sent_total")]
    assert sum(sent) == found["pyao_messages_sent_total"]
    assert found["pyao_logins_total"] == 1
    assert found["pyao_characters_created_total"] == 1
    assert found['pyao_login_refusals_total{reason="login.wrong_password"}'] == 1
    assert found['pyao_players{map_class="wild"}'] == 1
    assert found["pyao_connections_accepted_total"] == 2
    assert found["pyao_store_up"] == 1
    assert found["pyao_store_commits_total"] >= 1
    assert found["pyao_store_commit_seconds_sum"] > 0
    assert found["pyao_sent_bytes_total"] > found["pyao_received_bytes_total"] > 0
    await until(lambda: ticked(running))


async def test_the_page_is_what_prometheus_reads(running: Running) -> None:
    await running.newcomer("Ana")
    _, body = await page(running.app, "/metrics")
    families = {family.name: family for family in text_string_to_metric_families(body)}
    for metric in METRICS:
        family = families[metric.name.removesuffix("_total")]
        assert family.type == metric.kind
        assert family.documentation == metric.meaning


async def test_there_are_few_series_and_none_names_a_player(running: Running) -> None:
    """With every label at its fullest, and one player whose name is easy to find."""
    ana = await running.newcomer("Anastasia")
    app = running.app
    app.server.stats.kinds[:] = [1] * 256
    app.server.stats.kinds_out[:] = [1.0] * 256
    app.server.stats.refused.update(Reason)
    app.server.stats.dropped.update(Reason)
    counts = app.game.accounts.counts
    texts = [key for key in Catalogue("en") if key.startswith(("login.", "creation."))]
    counts.refused.update([*texts, "server.stopping"])
    assert len(texts) > len(Why)
    app.game.events.bulkhead.failures.update(f"module_{n}" for n in range(100))
    found = await figures(running)
    assert len(found) <= MAX_SERIES, len(found)
    assert not [series for series in found if "Anastasia" in series]
    assert found['pyao_module_failures_total{module="other"}'] == 80
    await ana.settle()


async def test_the_watch_can_be_left_out(start: Start) -> None:
    before = threading.active_count()
    running = await start(metrics_enabled=False, stall_ms=0)
    assert running.app.watch.address is None
    assert running.app.status.monitoring is None
    names = {thread.name for thread in threading.enumerate()}
    assert "pyao-http" not in names, before


async def test_a_taken_port_is_replaced_and_said(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, capture_logs() as logs:
        port = other.getsockname()[1]
        running = await start(metrics_port=port)
        assert running.app.watch.address is not None
        assert running.app.watch.address[1] not in (0, port)
    (line,) = [entry for entry in logs if "port for monitoring" in entry["event"]]
    assert line["metrics_port"] == port
    assert (await page(running.app, "/healthz"))[0] == 200


async def test_a_refused_start_is_one_error_without_words_about_the_port(
    start: Start, tmp_path: Path
) -> None:
    first = (await start()).app.watch.address
    assert first is not None
    second = make_app(tmp_path, metrics_port=first[1])
    with capture_logs() as logs, pytest.raises(StorageConflict):
        await second.start()
    assert [entry for entry in logs if "monitoring" in entry["event"]] == []


def test_an_address_of_another_machine_refuses_the_start(tmp_path: Path) -> None:
    done = run_command(
        "--host", "127.0.0.1", "--port", "0", "--data-dir", "data",
        cwd=tmp_path, env={"PYAO_METRICS_HOST": "192.0.2.1"},
    )  # fmt: skip
    assert done.returncode != 0
    assert "metrics_host 192.0.2.1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "server.json").exists()


async def test_a_loop_that_hangs_is_reported_as_one(running: Running) -> None:
    """Held for more than a second, as long as it takes until both pages say so."""
    app = running.app
    address = app.watch.address
    assert address is not None
    answers: dict[str, int] = {}
    done = threading.Event()

    def look() -> None:
        until_s = time.monotonic() + 20
        while fetch(address, "/healthz")[0] == 200 and time.monotonic() < until_s:
            time.sleep(0.02)
        answers.update({path: fetch(address, path)[0] for path in ("/healthz", "/readyz")})
        answers["/metrics"] = fetch(address, "/metrics")[0]
        done.set()

    thread = threading.Thread(target=look)
    thread.start()
    done.wait(30)  # on the loop: it hangs
    thread.join()
    assert answers == {"/healthz": 503, "/readyz": 503, "/metrics": 503}
    await until(lambda: app.watch.pulse.alive)
    assert (await page(app, "/healthz"))[0] == 200


async def test_a_server_that_stops_is_not_ready(running: Running) -> None:
    running.app.game.stopping = True
    status, body = await page(running.app, "/readyz")
    assert (status, json.loads(body)["status"]) == (503, "stopping")


async def test_figures_are_only_read(running: Running) -> None:
    app = running.app
    sources = Sources(
        app.game,
        app.server,
        app.modules,
        app.minds,
        app.watch.pulse,
        app.watch.stalls,
    )
    first = [metric.name for metric, _ in collect(sources)]
    assert first == [metric.name for metric in METRICS]
    text, content_type = render(collect(sources), "")
    assert content_type.startswith("text/plain")
    assert text.endswith(b"\n")
