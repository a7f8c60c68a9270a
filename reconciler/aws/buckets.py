"""Token buckets, which say when a call may be made below AWS's rates."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.aws.rates import SHARE_OF_RATE, WRITE_RATES, Rate

ROUNDING = 1e-6  # of a token: a clock that was advanced to the second of a token may be that much short

Bucket = tuple[Rate, str]  # a rate, and the operation if it has a bucket for each


@dataclass
class Buckets:
    """The token buckets of some rates. Times are in seconds; they may be simulated, but must not decrease."""

    rates: Iterable[Rate] = WRITE_RATES
    _rate_of: dict[str, Rate] = field(default_factory=dict)
    _left: dict[Bucket, tuple[float, float]] = field(default_factory=dict)  # tokens, and the second of them

    def __post_init__(self) -> None:
        self._rate_of = {call: rate for rate in self.rates for call in rate.calls}

    def bucket_of(self, service: str, operation: str) -> Bucket | None:
        """Return the bucket that the call takes its tokens from; None if nothing limits it."""
        rate = self._rate_of.get(f"{service}.{operation}") or self._rate_of.get(service)
        return (rate, operation if rate.each else "") if rate else None

    def until_token(self, bucket: Bucket, now: float, ahead: int = 0) -> float:
        """Return the seconds until the bucket has a token that those `ahead` leave; 0 if it has one."""
        missing = ahead + 1 - self._tokens(bucket, now)
        return missing / (bucket[0].per_second * SHARE_OF_RATE) if missing > ROUNDING else 0.0

    def take_token(self, bucket: Bucket, now: float) -> None:
        """Take a token. If the bucket has none, those that come later wait for it too."""
        self._left[bucket] = self._tokens(bucket, now) - 1, now

    def take_turn(self, service: str, operation: str, now: float) -> float:
        """Reserve a turn for the call and return the seconds until it comes. The caller need not ask again."""
        if (bucket := self.bucket_of(service, operation)) is None:
            return 0
        seconds = self.until_token(bucket, now)
        self.take_token(bucket, now)
        return seconds

    def has_turn(self, service: str, operation: str, now: float) -> bool:
        """Tell whether the call's turn would come at once."""
        bucket = self.bucket_of(service, operation)
        return bucket is None or not self.until_token(bucket, now)

    def _tokens(self, bucket: Bucket, now: float) -> float:
        rate, _ = bucket
        burst = int(rate.burst * SHARE_OF_RATE)
        tokens, since = self._left.get(bucket, (float(burst), now))
        return min(burst, tokens + (now - since) * rate.per_second * SHARE_OF_RATE)
