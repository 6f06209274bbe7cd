"""What somebody who was taken out left behind, in words."""

from collections.abc import Mapping
from typing import Any

from rekey.cli.output import out

_SAID: Mapping[str, str] = {
    "duplicate_grants": "more than one grant of the same scope",
    "team_grants": "access through a team",
    "given_grants": "access that the person gave to others",
    "made_links": "links that the person made",
    "automation_keys": "API keys of the person's own, and issued to others",
    "known_codes": "codes that the person knows or made, and cards that the person kept",
    "report_schedules": "reports that are mailed to the person",
    "applications": "applications that the person owns",
    "subscriptions": "receivers of events that the person named",
}
_NAMES = ("name", "label", "number", "id")


def print_leftovers(left: Mapping[str, Any]) -> None:
    """Name each kind of leftover with what it is; nothing for none."""
    found = {said: left[kind] for kind, said in _SAID.items() if left.get(kind)}
    if found:
        out.print("Left behind; look at each:", markup=False)
    for said, things in found.items():
        names = ", ".join(_name(thing) for thing in things)
        out.print(f"  {said}: {names}", markup=False)


def _name(thing: Mapping[str, Any]) -> str:
    return str(next(thing[name] for name in _NAMES if thing.get(name)))
