"""What the core refuses, and what it could not find out.

CoreError
├── Refusal                 the request is understood and refused; nothing changed
│   ├── NotSignedIn             no operator, or a key that is unknown, ended or expired
│   ├── NotAllowed              the operator lacks the permission at that scope
│   │   └── OutOfReach              a client session was used beyond what it reaches
│   ├── NotFound                no such thing in this organization (kind and id)
│   ├── Gone                    it was there and has ended
│   ├── Invalid                 a value breaks a rule (field and reason)
│   ├── Conflict                it collides with what stands
│   │   ├── AlreadyExists           a unique value is taken (field)
│   │   ├── PersonLeft              the person was revoked everywhere (revocation)
│   │   ├── LastOwner               the organization would lose its last owner
│   │   └── DoorFree                the door is free to all just now: there is nothing to open
│   ├── Unsupported             hardware, or what was given, can't do that
│   ├── AccessDenied            the decision was Denied (reason)
│   ├── Replayed                a signed operation was seen before
│   ├── SecondFactorNeeded      a code has to be proved before this
│   ├── WrongCode               the code is not the one that was sent or shown
│   └── TooManyRequests         try again later (seconds)
└── Unavailable             we could not do it now
    ├── StoreUnavailable        the act could not be made durable
    ├── DoorOffline             the door cannot be reached
    ├── DoorTimedOut            the door did not answer in time
    └── DoorRefused             the door's hardware refused
"""

from rekey.domain.decision import Denied


class CoreError(Exception):
    """Base of all; the text is for people and holds no secret."""


class Refusal(CoreError):
    """The request is understood and refused; nothing changed."""


class NotSignedIn(Refusal):
    """No operator, or a key that is unknown, ended or expired."""


class NotAllowed(Refusal):
    """The operator lacks the permission at that scope."""


class OutOfReach(NotAllowed):
    """A client session was used beyond what it reaches."""


class NotFound(Refusal):
    """No such thing in this organization; a foreign id looks exactly like an unknown one."""

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002  # the word of every caller
        super().__init__(f"no {kind} with this id")
        self.kind = kind
        self.id = id


class Gone(Refusal):
    """It was there and has ended."""

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002  # the word of every caller
        super().__init__(f"this {kind} has ended")
        self.kind = kind
        self.id = id


class Invalid(Refusal):
    """A value breaks a rule; `field` names it, the text says what to do."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


class Conflict(Refusal):
    """It collides with what stands."""


class AlreadyExists(Conflict):
    """A unique value is taken."""

    def __init__(self, kind: str, field: str) -> None:
        super().__init__(f"another {kind} already has this {field}")
        self.kind = kind
        self.field = field


class PersonLeft(Conflict):
    """The person was revoked everywhere; only an operator's reinstatement lets grants in again."""

    def __init__(self, revocation_id: str) -> None:
        super().__init__(f"this person left (revocation {revocation_id}): reinstate the person first")
        self.revocation_id = revocation_id


class LastOwner(Conflict):
    """The organization would lose its last owner, or a door its last administrator."""


class DoorFree(Conflict):
    """The door is free to all just now: there is nothing to open."""


class Unsupported(Refusal):
    """The hardware, or what was given, can't do that; the text says what can be done instead."""


class AccessDenied(Refusal):
    """The decision was Denied."""

    def __init__(self, denied: Denied) -> None:
        super().__init__(f"access denied: {denied.reason.value}")
        self.denied = denied


class Replayed(Refusal):
    """A signed operation was seen before; it ran once and will not run again."""


class SecondFactorNeeded(Refusal):
    """A code has to be proved before this; the text says which."""


class WrongCode(Refusal):
    """The code is not the one that was sent or shown; `backup` says that it was tried as a backup code."""

    def __init__(self, *, backup: bool = False) -> None:
        super().__init__("this code is not right")
        self.backup = backup


class TooManyRequests(Refusal):
    """Try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many requests: try again in {retry_after} s")
        self.retry_after = retry_after


class Unavailable(CoreError):
    """We could not do it now; what happened is either nothing or in the journal."""


class StoreUnavailable(Unavailable):
    """The act could not be made durable, so it did not happen."""


class DoorOffline(Unavailable):
    """The door cannot be reached."""


class DoorTimedOut(Unavailable):
    """The door did not answer in time; whether it moved is not known."""


class DoorRefused(Unavailable):
    """The door's hardware refused the order."""
