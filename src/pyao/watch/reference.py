"""The page of all figures: `python -m pyao.watch.reference > docs/metrics.md` writes it."""

from __future__ import annotations

import sys
from typing import Final

from pyao.watch.metrics import METRICS, Metric

INTRODUCTION: Final = """\
# Figures

<!-- Made by `python -m pyao.watch.reference` from src/pyao/watch/metrics.py: change it there. -->

`http://127.0.0.1:9766/metrics` has these in the format of Prometheus; how to use them is in
[operate.md](operate.md#monitoring). Times are seconds, sizes bytes. No label names a player, and
there are never more than 300 series.

| figure | kind | labels | what |
| --- | --- | --- | --- |
"""


def render() -> str:
    """Return the whole page as Markdown."""
    return INTRODUCTION + "".join(_row(metric) for metric in METRICS)


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {labels} | {metric.meaning} |\n"


if __name__ == "__main__":
    sys.stdout.write(render())
