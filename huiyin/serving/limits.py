"""What one connection may take: the figures, and the counting of connections by address."""

import ipaddress
from collections import Counter
from dataclasses import dataclass

KB, MB = 1024, 1024 * 1024
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Limits:
    """All figures of serving. They hold per process; times in seconds, sizes in bytes."""

    header_s: float = 10
    header_bytes: int = 32 * KB
    body_s: float = 30
    body_bytes_per_s: int = 1 * KB
    body_bytes: int = 40 * MB
    body_memory_bytes: int = 256 * KB
    bodies_bytes: int = 512 * MB
    answer_memory_bytes: int = 1 * MB
    answer_spill_bytes: int = 40 * MB
    keep_alive_s: int = 75  # longer than the 60 s of common proxies, which must be the ones to close
    stall_s: float = 15
    per_address: int = 100
    connections: int = 4000
    drain_s: float = 9  # one second less than the supervisor's grace
    threads: int = 8
    queue: int = 64
    trusted_proxies: tuple[Network, ...] = ()
    exempt_loopback: bool = True


def networks(text: str) -> tuple[Network, ...]:
    """Read a comma-separated list of addresses and networks. Raises ValueError naming the bad one."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def listed(address: str, among: tuple[Network, ...]) -> bool:
    """Tell whether `address` lies in one of the networks; text that is no address does not."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in among)


class Gate:
    """Counts the open connections of one process, by address; an IPv6 /64 counts as one address."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._exempt = limits.trusted_proxies + (
            networks("127.0.0.0/8,::1") if limits.exempt_loopback else ()
        )
        self._open: Counter[str] = Counter()

    def enter(self, address: str, connections: int) -> str | None:
        """Count one connection in and return the key to leave with; None when it must be refused."""
        key = "" if listed(address, self._exempt) else _block(address)
        if connections > self.limits.connections or (key and self._open[key] >= self.limits.per_address):
            return None
        self._open[key] += 1
        return key

    def leave(self, key: str) -> None:
        """Count one connection out."""
        self._open[key] -= 1
        if not self._open[key]:
            del self._open[key]


def _block(address: str) -> str:
    if ":" not in address or "." in address:
        return address
    return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
