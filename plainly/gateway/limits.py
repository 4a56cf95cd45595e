"""How much one visitor may ask for: generous for people, too little for a flood. Counted per process."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from plainly.clock import elapsed
from plainly.errors import PlainlyError
from plainly.gateway.metrics import REFUSED

_LIMITS: dict[str, tuple[type[RateLimitItem], int]] = {
    "conversations": (RateLimitItemPerHour, 1_200),  # per address; a school or an office shares one
    "messages": (RateLimitItemPerMinute, 600),  # per conversation
    "requests": (RateLimitItemPerMinute, 6_000),  # per address
}


class Limits:
    """The limits, times `factor`; a factor of 0 lifts them all."""

    def __init__(self, factor: float = 1.0) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._items = {name: item(max(1, int(amount * factor))) for name, (item, amount) in _LIMITS.items()}
        self._on = factor > 0

    async def spend(self, name: str, who: str) -> None:
        """Count one. Raises PlainlyError `too_many` with the seconds to wait when the limit is reached."""
        if not self._on or await self._limiter.hit(self._items[name], name, who):
            return
        REFUSED.labels(name).inc()
        window = await self._limiter.get_window_stats(self._items[name], name, who)
        seconds = max(1, round(window.reset_time - elapsed()))
        raise PlainlyError("too_many", "Too many requests.", {"limit": name, "seconds": seconds})


def visitor(host: str | None) -> str:
    """Whom a limit counts: an address, or an IPv6 network of /64, as one household holds that many."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or f"{IPv6Address(int(address) >> 64 << 64)}/64")
