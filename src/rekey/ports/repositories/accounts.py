"""What accounts need beside operators and keys: challenges, second factors, notices that wait."""

from datetime import datetime
from typing import Protocol

from rekey.domain.challenge import Challenge, ChallengePurpose
from rekey.domain.outbox import QueuedNotice
from rekey.domain.second_factor import SecondFactor


class ChallengeRepository(Protocol):
    async def add(self, challenge: Challenge) -> None: ...

    async def replace(self, challenge: Challenge) -> None: ...

    async def by_code(self, purpose: ChallengePurpose, fingerprint: str) -> Challenge | None:
        """Find by the hash of the code, spent and expired ones too (the newest wins)."""
        ...

    async def made_since(
        self, purpose: ChallengePurpose, subject_id: str, since: datetime
    ) -> tuple[Challenge, ...]:
        """Give those that were made since then, newest first, whatever became of them."""
        ...

    async def forget_before(self, instant: datetime) -> int:
        """Delete those that expired before the instant; say how many."""
        ...


class SecondFactorRepository(Protocol):
    async def get(self, operator_id: str) -> SecondFactor | None: ...

    async def put(self, factor: SecondFactor) -> None:
        """Keep it in the place of the operator's earlier one."""
        ...

    async def remove(self, operator_id: str) -> bool: ...


class OutboxRepository(Protocol):
    async def add(self, notice: QueuedNotice) -> None: ...

    async def due(self, now: datetime, *, limit: int) -> tuple[QueuedNotice, ...]:
        """Give those whose time has come, longest waiting first."""
        ...

    async def replace(self, notice: QueuedNotice) -> None: ...

    async def remove(self, notice_id: str) -> bool: ...
