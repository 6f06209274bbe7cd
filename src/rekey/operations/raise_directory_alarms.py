"""raise_directory_alarms: owners hear what is odd about the directory; nothing waits for them."""

from rekey.domain.directory import DirectoryAlarm, DirectoryState
from rekey.domain.grant import HolderKind
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.post import Letter, post
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


@operation(None)
async def raise_directory_alarms(act: Act, _wanted: None) -> frozenset[DirectoryAlarm]:
    """Tell the owners of every alarm that is due: one journal row, and a notice to each of them."""
    act.waive("the server's own worker looks after what acts have noted")
    state = await act.work.directory.get()
    alarms = state.alarms(act.now)
    if not alarms:
        act.work.keep_books()
        return alarms
    text = "\n".join(_text(alarm, state) for alarm in sorted(alarms))
    letter = Letter(subject="About the directory that provisions your people", text=text)
    for address in await _owners(act.work):
        await post(act, address, letter)
    await act.work.directory.save(state.after_telling(alarms, act.now))
    await act.record(
        "directory.alarmed",
        detail={"alarms": [alarm.value for alarm in sorted(alarms)], "leavers": state.leavers},
    )
    return alarms


async def _owners(view: View) -> list[str]:
    scope = Scope.organization(view.organization_id)
    listed = await view.grants.list(WHOLE, GrantFilter(scope=scope, roles=(Role.OWNER.value,)))
    ids = [grant.holder.id for grant in listed.items if grant.holder.kind is HolderKind.PERSON]
    people = [await view.people.get(person_id) for person_id in ids]
    return sorted({person.email for person in people if person is not None and person.email is not None})


def _text(alarm: DirectoryAlarm, state: DirectoryState) -> str:
    match alarm:
        case DirectoryAlarm.SILENT:
            return (
                f"The directory has not called for more than {state.silent_after_hours} hours. People who left "
                "since then may still have access: check the connection, and switch leavers off by hand."
            )
        case DirectoryAlarm.MANY_LEAVERS:
            return (
                f"The directory switched off or removed {state.leavers} people within {state.leaver_minutes} "
                "minutes. It took effect at once; if it was a mistake, correct it in the directory."
            )
        case DirectoryAlarm.UNREADABLE_CHANGE:
            return (
                "A change that the directory sent could not be understood and was refused. Somebody who left may "
                "still have access: look at the directory's calls, and switch the person off by hand."
            )
        case DirectoryAlarm.LAST_OWNER:
            return (
                "The directory switched off the organization's last owner. His doors are closed; his account and "
                "one sign-in stay until another person is made owner."
            )
