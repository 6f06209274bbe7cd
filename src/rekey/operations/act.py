"""The frame of one operation: what it may use, who it acts for, and the rules that no operation can skip."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from rekey.domain.ids import Number, Position
from rekey.domain.journal import JournalRow, JsonValue, Outcome
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.authority import require_permission
from rekey.ports.attempts import Attempts
from rekey.ports.door_driver import Ability
from rekey.ports.entropy import Entropy
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.secrets import Secrets
from rekey.ports.store import UnitOfWork

In = TypeVar("In")
Out = TypeVar("Out")


def asked_from(actor: Actor) -> dict[str, JsonValue]:
    """Give the member of a row's detail that says where an act was asked for, if the wire API tells that."""
    if actor.agent is None:
        return {}
    return {"asked_from": {"address": actor.address, "agent": actor.agent}}


@dataclass(slots=True, kw_only=True)
class Act:
    """One operation under way: its unit of work, its actor and the instant it happens at."""

    work: UnitOfWork
    actor: Actor
    now: datetime
    entropy: Entropy
    secrets: Secrets
    permission: Permission | None
    wake: Callable[[], None]
    attempts: Attempts
    abilities: Callable[[str], frozenset[Ability]]
    """What the hardware behind a driver's name can do."""
    authorized: bool = field(default=False)
    denied: bool = field(default=False)
    """Whether the act's row says that access was denied: then nothing was done but to record it."""
    keep: Callable[[JournalRow], Awaitable[None]] | None = field(default=None)
    """Where a step of a wider act leaves its row, which the wider act puts into its own."""

    async def require(self, scope: Scope, permission: Permission | None = None) -> None:
        """Refuse unless the actor holds this operation's permission at the scope, as of this act.

        Takes: permission, where what is asked for depends on the kind of thing that is changed.
        Raises: NotSignedIn, NotAllowed.
        """
        needed = permission or self.permission
        if needed is None:
            raise TypeError("an operation without a permission must call `waive` and say why")
        await require_permission(self.work, self.actor, needed, scope, now=self.now)
        self.authorized = True

    def waive(self, because: str) -> None:
        """Go on without a permission; the reason stands in the code, next to the rule that replaces it."""
        if not because:
            raise TypeError("say what stands in for the permission")
        self.authorized = True

    @property
    def position(self) -> Position:
        return self.work.position

    def new_id(self) -> str:
        return self.entropy.new_id()

    def next_number(self) -> Number:
        return self.work.next_number()

    async def changed(self, kind: ChangeKind, subject_id: str, at: Scope | None = None) -> None:
        """Note whose access this act may have changed, and where, so that door logs follow."""
        await self.work.changes.add(kind, subject_id, at)
        self.work.after_commit(self.wake)

    async def record(
        self,
        action: str,
        *,
        outcome: Outcome = Outcome.DONE,
        person_id: str | None = None,
        door_id: str | None = None,
        site_id: str | None = None,
        detail: dict[str, JsonValue] | None = None,
    ) -> JournalRow:
        """Record the act's one journal row, with who and through what filled in."""
        self.denied = self.denied or outcome is Outcome.DENIED
        row = JournalRow(
            position=self.position,
            id=self.new_id(),
            at=self.now,
            action=action,
            outcome=outcome,
            via=self.actor.via,
            operator_id=self.actor.operator_id,
            key_id=self.actor.key_id,
            person_id=person_id,
            door_id=door_id,
            site_id=site_id,
            detail=(detail or {}) | asked_from(self.actor),
        )
        await (self.keep or self.work.record)(row)
        return row


@dataclass(frozen=True, slots=True)
class Operation(Generic[In, Out]):
    """A verb of the core: its name, the permission it needs, what it takes and gives, and its work."""

    name: str
    permission: Permission | None
    takes: type
    gives: Any
    work: Callable[[Act, In], Awaitable[Out]]
    summary: str

    async def __call__(self, act: Act, wanted: In) -> Out:
        """Do the work inside an act that is already under way."""
        return await self.work(act, wanted)


def operation(
    permission: Permission | None,
) -> Callable[[Callable[[Act, In], Awaitable[Out]]], Operation[In, Out]]:
    """Make an operation of a coroutine function `name(act, wanted)`; its docstring's first line is its summary."""

    def wrap(work: Callable[[Act, In], Awaitable[Out]]) -> Operation[In, Out]:
        hints = dict(work.__annotations__)
        gives = hints.pop("return")
        takes = list(hints.values())[-1]
        summary = (work.__doc__ or "").strip().splitlines()[0]
        return Operation(work.__name__, permission, takes, gives, work, summary)

    return wrap
