"""What an operator's dashboard reads: a few figures of this process, the rest asked of the database when scraped."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

REGISTRY = CollectorRegistry()
requests_total = Counter(
    "huiyin_requests_total", "Answered requests.", ["method", "status"], registry=REGISTRY
)
request_seconds = Histogram(
    "huiyin_request_seconds",
    "Time to answer.",
    buckets=(0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    registry=REGISTRY,
)
files_refused_total = Counter(
    "huiyin_files_refused_total", "Files that were not taken in.", ["why"], registry=REGISTRY
)
Gauge = tuple[str, str, float]
_gauges: list[Callable[[], Iterable[Gauge]]] = []


def gauge(read: Callable[[], Iterable[Gauge]]) -> Callable[[], Iterable[Gauge]]:
    """Register a function that is asked at each scrape; it yields (name, help, value)."""
    _gauges.append(read)
    return read


class _Asked:
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for read in _gauges:
            for name, about, value in read():
                yield GaugeMetricFamily(f"huiyin_{name}", about, value=value)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()


REGISTRY.register(_Asked())


def text() -> bytes:
    """Return all figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
