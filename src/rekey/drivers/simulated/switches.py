"""What can be made to go wrong at one simulated door."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from rekey.domain.errors import Invalid


@dataclass(slots=True)
class Switches:
    """The switches of one door, set by hand or by its driver settings; all off is an honest, quick door.

    `slow` and `wrong_clock` are seconds, `full_table` the number of people that the list holds.
    `forgets` is pressed once: the door resets itself at its next use and the switch falls back.
    """

    offline: bool = False
    slow: float = 0.0
    lying_about_deletes: bool = False
    full_table: int | None = None
    wrong_clock: float = 0.0
    drops_replies: bool = False
    refuses: bool = False
    forgets: bool = False

    def apply(self, settings: Iterable[tuple[str, str]]) -> None:
        """Set switches from texts as a door's driver settings hold them; those not named stay.

        Raises: Invalid for an unknown name or a value that does not fit it; then nothing was set.
        """
        read = {name: _read(name, text) for name, text in settings}
        for name, value in read.items():
            setattr(self, name, value)


_FLAGS = frozenset({"offline", "lying_about_deletes", "drops_replies", "refuses", "forgets"})
_LONGEST = 10 * 366 * 86_400.0
_NAMES = frozenset(switch.name for switch in fields(Switches))


def _read(name: str, text: str) -> bool | int | float | None:
    if name not in _NAMES:
        raise Invalid(f"driver_settings.{name}", f"is no switch: use one of {', '.join(sorted(_NAMES))}")
    try:
        if name in _FLAGS:
            return {"true": True, "false": False}[text]
        if name == "full_table":
            return int(_within(int(text), least=0)) if text else None
        return _within(float(text), least=-_LONGEST if name == "wrong_clock" else 0)
    except (KeyError, ValueError) as unfit:
        takes = "true or false" if name in _FLAGS else "a number that is not out of range"
        raise Invalid(f"driver_settings.{name}", f"takes {takes}") from unfit


def _within(amount: float, *, least: float) -> float:
    # Written so that a NaN, which compares false with everything, is refused too.
    if not least <= amount <= _LONGEST:
        raise ValueError("out of range")
    return amount
