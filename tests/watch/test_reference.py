"""The page of figures and the files for Prometheus and Grafana say what the table says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyao.config import SETTINGS
from pyao.watch.metrics import METRICS
from pyao.watch.reference import render

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {metric.name: metric for metric in METRICS}
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count"), "summary": ("_sum", "_count")}
SERIES = {
    name + suffix for name, metric in KNOWN.items() for suffix in _SUFFIXES.get(metric.kind, ("",))
}
DASHBOARD: dict[str, Any] = json.loads((ROOT / "monitoring/grafana-dashboard.json").read_text())
ALERTS: dict[str, Any] = yaml.safe_load((ROOT / "monitoring/alerts.yml").read_text())
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]


def expressions() -> Iterator[str]:
    """Yield every expression of the dashboard."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"]
    for one in DASHBOARD["annotations"]["list"]:
        yield one["expr"]
    for one in DASHBOARD["templating"]["list"]:
        if one["type"] == "query":
            yield one["query"]


def check(expression: str) -> None:
    """Find only series that exist, with labels that they have."""
    names = re.findall(r"pyao_[a-z_]+", expression)
    assert set(names) <= SERIES, expression
    for name, selector in re.findall(r"(pyao_[a-z_]+)\{([^}]*)\}", expression):
        metric = next(one for known, one in KNOWN.items() if name.startswith(known))
        labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))
        known = {
            label for one in KNOWN.values() if name.startswith(one.name) for label in one.labels
        }
        assert labels <= known | {"job", "instance"}, (expression, metric)
    assert expression.count("(") == expression.count(")")


def test_the_committed_page_is_what_the_table_says() -> None:
    advice = "run: python -m pyao.watch.reference > docs/metrics.md"
    assert (ROOT / "docs/metrics.md").read_text("utf-8") == render(), advice


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_figure_is_named_as_prometheus_asks(metric: Any) -> None:  # noqa: ANN401 - of pytest
    assert re.fullmatch(r"pyao_[a-z]+(_[a-z]+)*", metric.name)
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    if metric.kind in _SUFFIXES:
        assert metric.name.endswith("_seconds")
    assert metric.meaning.endswith(".")
    assert "|" not in metric.meaning
    assert len([one for one in METRICS if one.name == metric.name]) == 1


def test_no_two_figures_are_one_to_prometheus() -> None:
    """It knows a counter `x_total` as family `x`, which then cannot be a gauge too."""
    families = [name.removesuffix("_total") for name in KNOWN]
    assert len(set(families)) == len(families)


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_the_dashboard_asks_for_figures_there_are(expression: str) -> None:
    check(expression)


def test_the_dashboard_shows_every_figure_but_the_label_holders() -> None:
    shown = {name for text in expressions() for name in re.findall(r"pyao_[a-z_]+", text)}
    unseen = [name for name in KNOWN if not any(one.startswith(name) for one in shown)]
    assert unseen == ["pyao_process_threads"] or not unseen


def test_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_figures_there_are_and_says_what_to_do(rule: dict[str, Any]) -> None:
    check(rule["expr"])
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert set(rule["annotations"]) == {"summary", "action"}


def test_the_ready_configuration_scrapes_the_default_port() -> None:
    read = yaml.safe_load((ROOT / "monitoring/prometheus.yml").read_text())
    (job,) = read["scrape_configs"]
    host, port = (SETTINGS[name].default for name in ("metrics_host", "metrics_port"))
    assert job["static_configs"] == [{"targets": [f"{host}:{port}"]}]
    assert read["rule_files"] == ["alerts.yml"]
