"""The second factor of a sign-in: codes from an authenticator, and backup codes for when it is lost."""

from dataclasses import dataclass
from datetime import datetime

MOST_FAILURES = 10
REST_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """One for each operator; it counts at sign-in once it is active.

    `last_step` is the newest time step whose code was taken, so that no code is taken twice.
    `failures` counts wrong codes in a row; `failed_at` is the newest of them.
    """

    operator_id: str
    sealed_secret: bytes
    active_at: datetime | None = None
    last_step: int = 0
    backup_fingerprints: tuple[str, ...] = ()
    failures: int = 0
    failed_at: datetime | None = None

    def rest(self, now: datetime) -> int:
        """Give the seconds until the next code is looked at, because too many were wrong; else 0."""
        if self.failures < MOST_FAILURES or self.failed_at is None:
            return 0
        return max(0, REST_SECONDS - int((now - self.failed_at).total_seconds()))
