"""Clients that keep their connections: `python -m bench.client PORT TOKEN CLIENTS SECONDS NAME`, figures as JSON."""

import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter

from bench.messages import a_message


async def main(port: int, token: str, clients: int, seconds: float, name: str) -> dict[str, object]:
    """Send as fast as answers come for `seconds`; return rate, latencies in ms and the statuses met."""
    took_ms: list[float] = []
    statuses: Counter[int] = Counter()
    began = time.monotonic()
    await asyncio.gather(
        *(one(port, token, f"{name}-{n}", began + seconds, took_ms, statuses) for n in range(clients))
    )
    passed = time.monotonic() - began
    cuts = statistics.quantiles(took_ms, n=100)
    return {
        "clients": clients,
        "cases": len(took_ms),
        "per_s": round(len(took_ms) / passed, 1),
        "p50_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "p99_ms": round(cuts[98], 2),
        "statuses": dict(statuses),
    }


async def one(
    port: int, token: str, name: str, until: float, took_ms: list[float], statuses: Counter[int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    chance = random.Random(name)
    number = 0
    while time.monotonic() < until:
        number += 1
        raw = json.dumps(a_message(f"{name}-{number}", chance)).encode()
        head = (
            "POST /api/v1/inbound HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        began = time.perf_counter()
        writer.write(head.encode() + raw)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        took_ms.append((time.perf_counter() - began) * 1000)
        statuses[int(answer[9:12])] += 1
    writer.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    found = asyncio.run(main(int(given[0]), given[1], int(given[2]), float(given[3]), given[4]))
    print(json.dumps(found))
