"""edit_directory: how an organization wants its directory."""

from dataclasses import dataclass, replace

from rekey.domain.directory import DirectoryState
from rekey.domain.errors import Invalid
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation

_BOUNDS = {"silent_after_hours": 24 * 90, "leaver_limit": 1_000_000, "leaver_minutes": 7 * 24 * 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDirectory:
    """None leaves a setting. Switching the directory off refuses its calls and opens nothing."""

    enabled: bool | None = None
    ends_sign_ins: bool | None = None
    silent_after_hours: int | None = None
    leaver_limit: int | None = None
    leaver_minutes: int | None = None
    links_door_groups: bool | None = None


@operation(Permission.ORGANIZATION_WRITE)
async def edit_directory(act: Act, wanted: EditDirectory) -> DirectoryState:
    """Change the settings of the directory. Raises: Invalid (a number out of its bounds)."""
    await act.require(Scope.organization(act.work.organization_id))
    given = {
        "enabled": wanted.enabled,
        "ends_sign_ins": wanted.ends_sign_ins,
        "silent_after_hours": wanted.silent_after_hours,
        "leaver_limit": wanted.leaver_limit,
        "leaver_minutes": wanted.leaver_minutes,
        "links_door_groups": wanted.links_door_groups,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    for name, most in _BOUNDS.items():
        if name in changes and not 1 <= changes[name] <= most:
            raise Invalid(name, f"must be from 1 to {most}")
    state = replace(await act.work.directory.get(), **changes)  # type: ignore[arg-type]  # the names are the fields
    await act.work.directory.save(state)
    await act.record("directory.edited", detail={**changes})
    return state
