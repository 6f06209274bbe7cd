"""The table of the Kisi API. Every PATCH also answers PUT, the only update verb of the official client."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.assignments import Assignments
from rekey.dialects.kisi.doors import Doors
from rekey.dialects.kisi.estate import Places
from rekey.dialects.kisi.groups import Groups
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.logins import Logins
from rekey.dialects.kisi.organization import Organizations
from rekey.dialects.kisi.policy import OPTIONAL
from rekey.dialects.kisi.teams import Teams
from rekey.dialects.kisi.users import Users
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Request], Awaitable[Reply]]
Row = tuple[str, str, str, Handler]


def make_routes(kit: Kit) -> tuple[Route, ...]:
    """Make every route."""
    rows = (*_accounts(kit), *_people(kit), *_rights(kit), *_places(kit), *_locks(kit), *_groups(kit))
    return tuple(_route(*row) for row in rows)


def _route(verb: str, path: str, operation: str, handler: Handler) -> Route:
    return Route(
        methods=("PATCH", "PUT") if verb == "PATCH" else (verb,),
        path=path,
        handler=handler,
        name=f"{verb} {path}",
        operation=operation,
        auth=OPTIONAL if (verb, path) == ("POST", "/logins") else "login",
        status=204 if verb in {"PATCH", "DELETE", "PUT"} else 200,
    )


def _accounts(kit: Kit) -> tuple[Row, ...]:
    logins, users, organizations = Logins(kit), Users(kit), Organizations(kit)
    return (
        ("POST", "/logins", "open_session", logins.create),
        ("GET", "/logins", "read", logins.list),
        ("DELETE", "/logins/{id}", "end_key", logins.delete),
        ("GET", "/login", "read", logins.current),
        ("PUT", "/login", "read", logins.rename),
        ("DELETE", "/login", "end_key", logins.sign_out),
        ("DELETE", "/login/elsewhere", "end_key", logins.end_elsewhere),
        ("GET", "/user", "read", users.current),
        ("PATCH", "/user", "edit_own_profile", users.update_own),
        ("GET", "/users/user", "read", users.current),
        ("PATCH", "/users/user", "edit_own_profile", users.update_own),
        ("GET", "/organization", "read", organizations.get),
        ("GET", "/organizations", "read", organizations.list),
    )


def _people(kit: Kit) -> tuple[Row, ...]:
    users, teams = Users(kit), Teams(kit)
    return (
        ("GET", "/users", "read", users.list),
        ("POST", "/users", "add_person", users.create),
        ("GET", "/users/{id}", "read", users.get),
        ("PATCH", "/users/{id}", "place_block, lift_block, edit_person", users.update),
        ("DELETE", "/users/{id}", "remove_person", users.delete),
        ("GET", "/teams", "read", teams.list),
        ("POST", "/teams", "add_team", teams.create),
        ("GET", "/teams/{id}", "read", teams.get),
        ("DELETE", "/teams/{id}", "end_team", teams.delete),
        ("GET", "/team_memberships", "read", teams.list_members),
        ("POST", "/team_memberships", "add_team_member", teams.add_member),
        ("GET", "/team_memberships/{id}", "read", teams.get_member),
        ("DELETE", "/team_memberships/{id}", "remove_team_member", teams.remove_member),
    )


def _rights(kit: Kit) -> tuple[Row, ...]:
    assignments, organizations = Assignments(kit), Organizations(kit)
    return (
        ("GET", "/roles", "read", organizations.list_roles),
        ("GET", "/roles/{id}", "read", organizations.get_role),
        ("GET", "/role_assignments", "read", assignments.list),
        ("POST", "/role_assignments", "grant_access", assignments.create),
        ("GET", "/role_assignments/{id}", "read", assignments.get),
        ("PATCH", "/role_assignments/{id}", "edit_grant", assignments.update),
        ("DELETE", "/role_assignments/{id}", "end_grant", assignments.delete),
    )


def _places(kit: Kit) -> tuple[Row, ...]:
    places = Places(kit)
    return (
        ("GET", "/places", "read", places.list),
        ("POST", "/places", "add_site", places.create),
        ("GET", "/places/{id}", "read", places.get),
        ("PATCH", "/places/{id}", "edit_site", places.update),
        ("POST", "/places/{id}/lock_down", "lock_down", places.lock_down),
        ("POST", "/places/{id}/cancel_lockdown", "release", places.cancel_lockdown),
    )


def _locks(kit: Kit) -> tuple[Row, ...]:
    doors = Doors(kit)
    return (
        ("GET", "/locks", "read", doors.list),
        ("POST", "/locks", "add_door", doors.create),
        ("GET", "/locks/{id}", "read", doors.get),
        ("PATCH", "/locks/{id}", "edit_door", doors.update),
        ("DELETE", "/locks/{id}", "retire_door", doors.delete),
        ("POST", "/locks/{id}/unlock", "open_door", doors.unlock),
        ("POST", "/locks/{id}/lock_down", "lock_down", doors.lock_down),
        ("POST", "/locks/{id}/cancel_lockdown", "release", doors.cancel_lockdown),
    )


def _groups(kit: Kit) -> tuple[Row, ...]:
    groups = Groups(kit)
    return (
        ("GET", "/groups", "read", groups.list),
        ("POST", "/groups", "add_door_group", groups.create),
        ("GET", "/groups/{id}", "read", groups.get),
        ("PATCH", "/groups/{id}", "edit_door_group", groups.update),
        ("DELETE", "/groups/{id}", "end_door_group", groups.delete),
        ("GET", "/group_locks", "read", groups.list_locks),
        ("POST", "/group_locks", "put_door_in_group", groups.add_lock),
        ("GET", "/group_locks/{id}", "read", groups.get_lock),
        ("DELETE", "/group_locks/{id}", "take_door_out_of_group", groups.remove_lock),
    )
