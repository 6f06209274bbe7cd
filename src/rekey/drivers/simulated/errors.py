"""How a simulated door says no; each is a DoorRefused of the core, so that callers need not know these.

DoorRefused
├── AbilityMissing      the driver does not claim this ability
├── HardwareRefuses     the switch `refuses` is on
├── DoorLockedDown      the door refuses all but being locked
├── BoltJammed          the bolt does not move
├── OrderTooLate        the order's expiry has passed
├── LogRefused          the batch does not continue the log that the door holds
│   ├── LogGap              lines between the door's position and the batch are missing
│   ├── LogFork             the heads do not fit: this is another log
│   └── LogRollback         the batch ends before the door's position
├── ListFull            people did not fit; everything that takes away was applied
├── CodeUnfit           codes that the keypad can't hold; everything else was applied
└── KeypadFull          codes did not fit; everything that takes away was applied
"""

from collections.abc import Sequence

from rekey.domain.errors import DoorRefused


class AbilityMissing(DoorRefused):
    """The driver does not claim this ability."""


class HardwareRefuses(DoorRefused):
    """The switch `refuses` is on."""


class DoorLockedDown(DoorRefused):
    """The door refuses all but being locked."""


class BoltJammed(DoorRefused):
    """The bolt does not move."""


class OrderTooLate(DoorRefused):
    """The order's expiry has passed."""


class LogRefused(DoorRefused):
    """The batch does not continue the log that the door holds."""


class LogGap(LogRefused):
    """Lines between the door's position and the batch are missing: send the log from that position."""


class LogFork(LogRefused):
    """The heads do not fit: this is another log."""


class LogRollback(LogRefused):
    """The batch ends before the door's position."""


class ListFull(DoorRefused):
    """People did not fit; everything that takes away was applied, and the position stayed."""

    def __init__(self, left_out: Sequence[str], capacity: int) -> None:
        super().__init__(f"the list holds {capacity} people: {len(left_out)} did not fit")
        self.left_out = tuple(left_out)


class CodeUnfit(DoorRefused):
    """Codes that the keypad can't hold, because of their length or because nobody told it what they are."""

    def __init__(self, unfit: Sequence[str]) -> None:
        super().__init__(f"the keypad cannot hold {len(unfit)} codes: use other lengths")
        self.unfit = tuple(unfit)


class KeypadFull(DoorRefused):
    """Codes did not fit; everything that takes away was applied."""

    def __init__(self, left_out: Sequence[str], most: int) -> None:
        super().__init__(f"the keypad holds {most} codes: {len(left_out)} did not fit")
        self.left_out = tuple(left_out)
