"""Figures in the formats of Prometheus. Imported at the first scrape: its library costs 7 MB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from pyao.watch.metrics import Metric, Reading, Total
from pyao.watch.pulse import Buckets


def render(readings: Iterable[tuple[Metric, Reading]], accept: str) -> tuple[bytes, str]:
    """Return the page and its content type, in the format that `accept` (a header) asks for."""
    encode, content_type = choose_encoder(accept)
    return encode(_Collected(readings)), content_type


class _Collected(Collector):
    """What the library's encoders want to be given."""

    def __init__(self, readings: Iterable[tuple[Metric, Reading]]) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Family]:
        """Yield each family with its samples."""
        for metric, reading in self._readings:
            yield _family(metric, reading)


def _family(metric: Metric, reading: Reading) -> Family:
    name, meaning = metric.name, metric.meaning
    if isinstance(reading, Buckets):
        bounds = [*map(str, reading.bounds_s), "+Inf"]
        counts = accumulate(reading.counts)
        return HistogramMetricFamily(
            name, meaning, buckets=list(zip(bounds, counts, strict=True)), sum_value=reading.sum_s
        )
    if isinstance(reading, Total):
        return SummaryMetricFamily(
            name, meaning, count_value=reading.count, sum_value=reading.sum_s
        )
    family: CounterMetricFamily | GaugeMetricFamily = (
        CounterMetricFamily(name, meaning, labels=metric.labels)
        if metric.kind == "counter"
        else GaugeMetricFamily(name, meaning, labels=metric.labels)
    )
    if isinstance(reading, Mapping):
        for labels, value in reading.items():
            family.add_metric([labels] if isinstance(labels, str) else list(labels), value)
    else:
        family.add_metric([], reading)
    return family
