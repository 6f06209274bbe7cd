"""The table of the Seam dialect, from which routing and its OpenAPI document are made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rekey.dialects.seam import wire
from rekey.dialects.seam.acs_access_groups import AcsAccessGroups
from rekey.dialects.seam.acs_entrances import AcsEntrances
from rekey.dialects.seam.acs_systems import AcsSystems
from rekey.dialects.seam.acs_users import AcsUsers
from rekey.dialects.seam.action_attempts import ActionAttempts
from rekey.dialects.seam.devices import Devices
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.parameters import Kind, Param, read_arguments
from rekey.dialects.seam.policy import KEY, READ
from rekey.dialects.seam.user_identities import UserIdentities
from rekey.dialects.seam.workspaces import Workspaces
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Call], Awaitable[Reply]]

GET, PUT, PATCH, DELETE = "GET", "PUT", "PATCH", "DELETE"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: path, the verb beside POST if there is one, operation, handler, parameters, answer.

    `answer` names the keys of the response with their resources; `several` says that they hold lists.
    """

    path: str
    verb: str | None
    operation: str
    handler: Handler
    takes: tuple[Param, ...] = ()
    answer: tuple[tuple[str, type[wire.Wire]], ...] = ()
    several: bool = False
    paged: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        return ("POST",) if self.verb is None else ("POST", self.verb)

    def route(self) -> Route:
        async def handle(request: Request) -> Reply:
            return await self.handler(Call(request, read_arguments(request, self.takes)))

        return Route(
            methods=self.methods,
            path=self.path,
            handler=handle,
            name=self.path,
            operation=self.operation,
            auth=KEY,
            summary=(self.handler.__doc__ or self.path).strip().splitlines()[0],
        )


def make_rows(kit: Kit) -> tuple[Row, ...]:
    """Make every route but `/health` and `/openapi.json`, which are open to all."""
    return (
        *_workspaces(Workspaces(kit)),
        *_devices(Devices(kit), ActionAttempts(kit)),
        *_people(UserIdentities(kit)),
        *_access_of_people(UserIdentities(kit)),
        *_systems(AcsSystems(kit), AcsEntrances(kit)),
        *_users(AcsUsers(kit)),
        *_groups(AcsAccessGroups(kit)),
    )


def ident(name: str, *, required: bool = False) -> Param:
    return Param(name, Kind.ID, required=required)


def text(name: str, *, required: bool = False, nullable: bool = False, filled: bool = False) -> Param:
    return Param(name, Kind.TEXT, required=required, nullable=nullable, filled=filled)


_LIMIT = Param("limit", Kind.NUMBER, positive=True)
_CURSOR = Param("page_cursor", Kind.TEXT, nullable=True)
_SEARCH = text("search")
_BEFORE = Param("created_before", Kind.TIME)
_PAGE = (_LIMIT, _CURSOR)
_DEVICE_FILTERS = (
    *_PAGE,
    _SEARCH,
    _BEFORE,
    ident("connect_webview_id"),
    ident("connected_account_id"),
    Param("connected_account_ids", Kind.TEXTS),
    Param("custom_metadata_has", Kind.OBJECT),
    text("customer_key"),
    Param("device_ids", Kind.TEXTS),
    text("device_type"),
    Param("device_types", Kind.TEXTS),
    text("manufacturer"),
    ident("space_id"),
    Param("unstable_location_id", Kind.ID, nullable=True),
    text("user_identifier_key"),
    Param("include_if", Kind.TEXTS),
    Param("exclude_if", Kind.TEXTS),
)
_PERSON = ident("user_identity_id", required=True)
_DEVICE = ident("device_id", required=True)
_ONE_DEVICE = (ident("device_id"), text("name"))
_SYNC = Param("sync", Kind.BOOLEAN)
_USER_SELECTOR = (ident("acs_user_id"), ident("user_identity_id"), ident("acs_system_id"))
_MEMBER_SELECTOR = (ident("acs_user_id"), ident("user_identity_id"))
_SCHEDULE = Param("access_schedule", Kind.OBJECT, nullable=True)
_PROFILE = (
    text("email_address", nullable=True),
    text("full_name", nullable=True, filled=True),
    text("phone_number", nullable=True),
    text("user_identity_key", nullable=True, filled=True),
)


def _workspaces(workspaces: Workspaces) -> tuple[Row, ...]:
    own = (("workspace", wire.Workspace),)
    all_ = (("workspaces", wire.Workspace),)
    return (
        Row("/workspaces/get", GET, READ, workspaces.get, answer=own),
        Row("/workspaces/list", GET, READ, workspaces.list, answer=all_, several=True),
    )


def _devices(devices: Devices, attempts: ActionAttempts) -> tuple[Row, ...]:
    device, lock = ("device", wire.Device), ("lock", wire.Device)
    all_devices, all_locks = ("devices", wire.Device), ("locks", wire.Device)
    attempt = (("action_attempt", wire.ActionAttempt),)
    move = (_DEVICE, _SYNC)
    polled = (Param("action_attempt_ids", Kind.TEXTS), ident("device_id"), *_PAGE)
    return (
        Row("/devices/get", GET, READ, devices.get, _ONE_DEVICE, (device,)),
        Row(
            "/devices/list",
            GET,
            READ,
            devices.list_devices,
            _DEVICE_FILTERS,
            (all_devices,),
            several=True,
            paged=True,
        ),
        Row("/locks/get", GET, READ, devices.get_lock, _ONE_DEVICE, (device, lock)),
        Row(
            "/locks/list",
            GET,
            READ,
            devices.list_locks,
            _DEVICE_FILTERS,
            (all_devices, all_locks),
            several=True,
        ),
        Row("/locks/unlock_door", None, "open_door", devices.unlock_door, move, attempt),
        Row("/locks/lock_door", None, "set_door_mode", devices.lock_door, move, attempt),
        Row(
            "/action_attempts/get",
            GET,
            READ,
            attempts.get,
            (ident("action_attempt_id", required=True),),
            attempt,
        ),
        Row(
            "/action_attempts/list",
            GET,
            READ,
            attempts.list,
            polled,
            (("action_attempts", wire.ActionAttempt),),
            several=True,
            paged=True,
        ),
    )


def _people(people: UserIdentities) -> tuple[Row, ...]:
    one, all_ = (("user_identity", wire.UserIdentity),), (("user_identities", wire.UserIdentity),)
    known = (ident("user_identity_id"), text("user_identity_key"))
    filters = (
        *_PAGE,
        _SEARCH,
        _BEFORE,
        Param("user_identity_ids", Kind.TEXTS),
        ident("credential_manager_acs_system_id"),
    )
    new = (*_PROFILE, Param("acs_system_ids", Kind.TEXTS), text("customer_key"))
    base = "/user_identities"
    return (
        Row(f"{base}/create", None, "enrol_newcomer", people.create, new, one),
        Row(f"{base}/get", GET, READ, people.get, known, one),
        Row(f"{base}/list", GET, READ, people.list_people, filters, all_, several=True, paged=True),
        Row(f"{base}/update", PATCH, "edit_person", people.update, (_PERSON, *_PROFILE)),
        Row(f"{base}/delete", DELETE, "remove_person", people.delete, (_PERSON,)),
    )


def _access_of_people(people: UserIdentities) -> tuple[Row, ...]:
    base, link = "/user_identities", (_PERSON, _DEVICE)
    user = ident("acs_user_id", required=True)
    named = (user, ident("user_identity_id"), text("user_identity_key"))
    devices = (("devices", wire.Device), ("accessible_devices", wire.Device))
    entrances, systems = (("acs_entrances", wire.AcsEntrance),), (("acs_systems", wire.AcsSystem),)
    users = (("acs_users", wire.AcsUser),)
    return (
        Row(f"{base}/grant_access_to_device", PUT, "grant_access", people.grant_access_to_device, link),
        Row(f"{base}/revoke_access_to_device", DELETE, "revoke_person", people.revoke_access_to_device, link),
        _listing(f"{base}/list_accessible_devices", people.list_accessible_devices, (_PERSON,), devices),
        _listing(
            f"{base}/list_accessible_entrances", people.list_accessible_entrances, (_PERSON,), entrances
        ),
        _listing(f"{base}/list_acs_systems", people.list_acs_systems, (_PERSON,), systems),
        _listing(f"{base}/list_acs_users", people.list_acs_users, (_PERSON,), users),
        Row(f"{base}/add_acs_user", PUT, "enrol_person", people.add_acs_user, named),
        Row(f"{base}/remove_acs_user", DELETE, "end_enrolment", people.remove_acs_user, (user, _PERSON)),
    )


def _listing(
    path: str, handler: Handler, takes: tuple[Param, ...], answer: tuple[tuple[str, type[wire.Wire]], ...]
) -> Row:
    """Make a read that answers a whole list at once."""
    return Row(path, GET, READ, handler, takes, answer, several=True)


def _systems(systems: AcsSystems, entrances: AcsEntrances) -> tuple[Row, ...]:
    system, door = ident("acs_system_id", required=True), ident("acs_entrance_id", required=True)
    one_door = (("acs_entrance", wire.AcsEntrance),)
    of_system = (ident("connected_account_id"), text("customer_key"), _SEARCH)
    of_door = (
        *_PAGE,
        _SEARCH,
        ident("acs_credential_id"),
        Param("acs_entrance_ids", Kind.TEXTS),
        ident("acs_system_id"),
        ident("connected_account_id"),
        text("customer_key"),
        ident("space_id"),
        Param("location_id", Kind.ID, nullable=True),
        ident("access_method_id"),
    )
    all_doors = (("acs_entrances", wire.AcsEntrance),)
    grant = (door, *_MEMBER_SELECTOR)
    return (
        Row("/acs/systems/get", GET, READ, systems.get, (system,), (("acs_system", wire.AcsSystem),)),
        _listing("/acs/systems/list", systems.list, of_system, (("acs_systems", wire.AcsSystem),)),
        Row("/acs/entrances/get", GET, READ, entrances.get, (door,), one_door),
        Row("/acs/entrances/list", GET, READ, entrances.list, of_door, all_doors, several=True, paged=True),
        Row("/acs/entrances/grant_access", None, "grant_access", entrances.grant_access, grant),
    )


def _users(users: AcsUsers) -> tuple[Row, ...]:
    base, one = "/acs/users", (("acs_user", wire.AcsUser),)
    # `email` is the older spelling of `email_address`.
    contact = (text("email_address"), text("email"), text("phone_number"))
    new = (
        ident("acs_system_id", required=True),
        text("full_name", required=True),
        ident("user_identity_id"),
        *contact,
        Param("access_schedule", Kind.OBJECT),
        Param("acs_access_group_ids", Kind.TEXTS),
    )
    changes = (*_USER_SELECTOR, text("full_name", filled=True), *contact, _SCHEDULE)
    filters = (
        *_PAGE,
        _SEARCH,
        _BEFORE,
        ident("acs_system_id"),
        ident("user_identity_id"),
        text("user_identity_email_address"),
        text("user_identity_phone_number"),
    )
    entrances, all_ = (("acs_entrances", wire.AcsEntrance),), (("acs_users", wire.AcsUser),)
    by = _USER_SELECTOR
    return (
        Row(f"{base}/create", None, "enrol_newcomer", users.create, new, one),
        Row(f"{base}/get", GET, READ, users.get, by, one),
        Row(f"{base}/list", GET, READ, users.list, filters, all_, several=True, paged=True),
        Row(f"{base}/update", PATCH, "edit_enrolment", users.update, changes),
        Row(f"{base}/delete", DELETE, "end_enrolment", users.delete, by),
        Row(f"{base}/suspend", None, "place_block", users.suspend, by),
        Row(f"{base}/unsuspend", None, "lift_block", users.unsuspend, by),
        _listing(f"{base}/list_accessible_entrances", users.list_accessible_entrances, by, entrances),
        Row(
            f"{base}/revoke_access_to_all_entrances",
            None,
            "revoke_person",
            users.revoke_access_to_all_entrances,
            by,
        ),
    )


def _groups(groups: AcsAccessGroups) -> tuple[Row, ...]:
    base, group = "/acs/access_groups", ident("acs_access_group_id", required=True)
    filters = (*_USER_SELECTOR, _SEARCH)
    one, all_ = (("acs_access_group", wire.AcsAccessGroup),), (("acs_access_groups", wire.AcsAccessGroup),)
    member = (group, *_MEMBER_SELECTOR)
    add = (group, ident("acs_user_id", required=True))
    entrances = (("acs_entrances", wire.AcsEntrance),)
    return (
        Row(f"{base}/get", GET, READ, groups.get, (group,), one),
        _listing(f"{base}/list", groups.list, filters, all_),
        _listing(f"{base}/list_users", groups.list_users, (group,), (("acs_users", wire.AcsUser),)),
        _listing(f"{base}/list_accessible_entrances", groups.list_accessible_entrances, (group,), entrances),
        Row(f"{base}/add_user", PUT, "grant_access", groups.add_user, member),
        Row(f"{base}/remove_user", DELETE, "end_grant", groups.remove_user, member),
        Row("/acs/users/add_to_access_group", PUT, "grant_access", groups.add_user, add),
        Row("/acs/users/remove_from_access_group", DELETE, "end_grant", groups.remove_user, member),
    )
