"""The table of the Seam dialect, from which routing and its OpenAPI document are made."""

from rekey.dialects.seam import wire
from rekey.dialects.seam.acs_access_groups import AcsAccessGroups
from rekey.dialects.seam.acs_entrances import AcsEntrances
from rekey.dialects.seam.acs_systems import AcsSystems
from rekey.dialects.seam.acs_users import AcsUsers
from rekey.dialects.seam.action_attempts import ActionAttempts
from rekey.dialects.seam.devices import Devices
from rekey.dialects.seam.event_routes import event_rows
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.parameters import Kind, Param
from rekey.dialects.seam.policy import READ
from rekey.dialects.seam.providers import Providers
from rekey.dialects.seam.routes_access import access_rows
from rekey.dialects.seam.routes_accounts import account_rows
from rekey.dialects.seam.routes_credentials import credential_rows
from rekey.dialects.seam.routes_ring3 import ring3_rows
from rekey.dialects.seam.rows import (
    BEFORE,
    DELETE,
    DEVICE,
    DEVICE_FILTERS,
    GET,
    ONE_DEVICE,
    PAGE,
    PATCH,
    PERSON,
    PUT,
    SEARCH,
    SYNC,
    Row,
    flag,
    ident,
    listing,
    mapping,
    objects,
    paged,
    text,
    texts,
)
from rekey.dialects.seam.simulate import Simulate
from rekey.dialects.seam.user_identities import UserIdentities
from rekey.dialects.seam.wire_accounts import DeviceProvider


def make_rows(kit: Kit) -> tuple[Row, ...]:
    """Make every route but `/health` and `/openapi.json`, which are open to all."""
    return (
        *account_rows(kit),
        *_devices(Devices(kit), ActionAttempts(kit)),
        *_beside_devices(Devices(kit), Providers(kit)),
        *_simulations(Simulate(kit)),
        *_people(UserIdentities(kit)),
        *_access_of_people(UserIdentities(kit)),
        *_systems(AcsSystems(kit), AcsEntrances(kit)),
        *_users(AcsUsers(kit)),
        *_groups(AcsAccessGroups(kit)),
        *access_rows(kit),
        *credential_rows(kit),
        *ring3_rows(kit),
        *event_rows(kit),
    )


_USER_SELECTOR = (ident("acs_user_id"), ident("user_identity_id"), ident("acs_system_id"))
_MEMBER_SELECTOR = (ident("acs_user_id"), ident("user_identity_id"))
_SCHEDULE = Param("access_schedule", Kind.OBJECT, nullable=True)
_PROFILE = (
    text("email_address", nullable=True),
    text("full_name", nullable=True, filled=True),
    text("phone_number", nullable=True),
    text("user_identity_key", nullable=True, filled=True),
)


def _devices(devices: Devices, attempts: ActionAttempts) -> tuple[Row, ...]:
    device, lock = ("device", wire.Device), ("lock", wire.Device)
    all_devices, all_locks = ("devices", wire.Device), ("locks", wire.Device)
    attempt = (("action_attempt", wire.ActionAttempt),)
    move = (DEVICE, SYNC)
    polled = (Param("action_attempt_ids", Kind.TEXTS), ident("device_id"), *PAGE)
    return (
        Row("/devices/get", GET, READ, devices.get, ONE_DEVICE, (device,)),
        Row(
            "/devices/list",
            GET,
            READ,
            devices.list_devices,
            DEVICE_FILTERS,
            (all_devices,),
            several=True,
            paged=True,
        ),
        Row("/locks/get", GET, READ, devices.get_lock, ONE_DEVICE, (device, lock)),
        Row(
            "/locks/list",
            GET,
            READ,
            devices.list_locks,
            DEVICE_FILTERS,
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


def _beside_devices(devices: Devices, providers: Providers) -> tuple[Row, ...]:
    changes = (
        DEVICE,
        text("name", nullable=True),
        mapping("properties"),
        mapping("custom_metadata"),
        flag("is_managed"),
        flag("backup_access_code_pool_enabled"),
    )
    adopt = (DEVICE, mapping("custom_metadata"), flag("is_managed"))
    relock = (DEVICE, flag("auto_lock_enabled", required=True), Param("auto_lock_delay_seconds", Kind.NUMBER))
    base = "/devices"
    one, several = (("device", wire.UnmanagedDevice),), (("devices", wire.UnmanagedDevice),)
    brands = (("device_providers", DeviceProvider),)
    reported = (objects("devices", required=True),)
    attempt = (("action_attempt", wire.ActionAttempt),)
    return (
        Row(f"{base}/update", PATCH, "edit_noted_door", devices.update, changes),
        Row(f"{base}/unmanaged/get", GET, READ, devices.get_unmanaged, ONE_DEVICE, one),
        paged(f"{base}/unmanaged/list", devices.list_unmanaged, DEVICE_FILTERS, several),
        Row(f"{base}/unmanaged/update", PATCH, "edit_noted_door", devices.update_unmanaged, adopt),
        listing(f"{base}/list_device_providers", providers.list, (text("provider_category"),), brands),
        Row(f"{base}/report_provider_metadata", None, "note_doors", providers.report_metadata, reported),
        Row(
            "/locks/configure_auto_lock",
            None,
            "set_open_seconds",
            devices.configure_auto_lock,
            relock,
            attempt,
        ),
    )


def _simulations(simulate: Simulate) -> tuple[Row, ...]:
    base, verb = "/devices/simulate", "simulate_door"
    expired = (DEVICE, flag("is_expired", required=True))
    return (
        Row(f"{base}/connect", None, verb, simulate.connect, (DEVICE,)),
        Row(f"{base}/disconnect", None, verb, simulate.disconnect, (DEVICE,)),
        Row(f"{base}/connect_to_hub", None, verb, simulate.connect_to_hub, (DEVICE,)),
        Row(f"{base}/disconnect_from_hub", None, verb, simulate.disconnect_from_hub, (DEVICE,)),
        Row(f"{base}/paid_subscription", None, verb, simulate.paid_subscription, expired),
        Row(f"{base}/remove", None, verb, simulate.remove, (DEVICE,)),
    )


def _people(people: UserIdentities) -> tuple[Row, ...]:
    one, all_ = (("user_identity", wire.UserIdentity),), (("user_identities", wire.UserIdentity),)
    known = (ident("user_identity_id"), text("user_identity_key"))
    filters = (
        *PAGE,
        SEARCH,
        BEFORE,
        Param("user_identity_ids", Kind.TEXTS),
        ident("credential_manager_acs_system_id"),
    )
    new = (*_PROFILE, Param("acs_system_ids", Kind.TEXTS), text("customer_key"))
    merged = (*known, texts("merged_user_identity_ids"), texts("merged_user_identity_keys"))
    adopted = (PERSON, flag("is_managed", required=True), text("user_identity_key"))
    foreign = (("user_identity", wire.UnmanagedUserIdentity),)
    foreigners = (("user_identities", wire.UnmanagedUserIdentity),)
    base = "/user_identities"
    return (
        Row(f"{base}/create", None, "enrol_newcomer", people.create, new, one),
        Row(f"{base}/get", GET, READ, people.get, known, one),
        Row(f"{base}/list", GET, READ, people.list_people, filters, all_, several=True, paged=True),
        Row(f"{base}/update", PATCH, "edit_person", people.update, (PERSON, *_PROFILE)),
        Row(f"{base}/delete", DELETE, "remove_person", people.delete, (PERSON,)),
        Row(f"{base}/merge", None, "merge_people", people.merge, merged),
        Row(f"{base}/unmanaged/get", GET, READ, people.get_unmanaged, (PERSON,), foreign),
        paged(f"{base}/unmanaged/list", people.list_unmanaged, (*PAGE, SEARCH, BEFORE), foreigners),
        Row(f"{base}/unmanaged/update", PATCH, "edit_person", people.update_unmanaged, adopted),
    )


def _access_of_people(people: UserIdentities) -> tuple[Row, ...]:
    base, link = "/user_identities", (PERSON, DEVICE)
    user = ident("acs_user_id", required=True)
    named = (user, ident("user_identity_id"), text("user_identity_key"))
    devices = (("devices", wire.Device), ("accessible_devices", wire.Device))
    entrances, systems = (("acs_entrances", wire.AcsEntrance),), (("acs_systems", wire.AcsSystem),)
    users = (("acs_users", wire.AcsUser),)
    return (
        Row(f"{base}/grant_access_to_device", PUT, "grant_access", people.grant_access_to_device, link),
        Row(f"{base}/revoke_access_to_device", DELETE, "revoke_person", people.revoke_access_to_device, link),
        listing(f"{base}/list_accessible_devices", people.list_accessible_devices, (PERSON,), devices),
        listing(f"{base}/list_accessible_entrances", people.list_accessible_entrances, (PERSON,), entrances),
        listing(f"{base}/list_acs_systems", people.list_acs_systems, (PERSON,), systems),
        listing(f"{base}/list_acs_users", people.list_acs_users, (PERSON,), users),
        Row(f"{base}/add_acs_user", PUT, "join_enrolment", people.add_acs_user, named),
        Row(f"{base}/remove_acs_user", DELETE, "part_enrolment", people.remove_acs_user, (user, PERSON)),
    )


def _systems(systems: AcsSystems, entrances: AcsEntrances) -> tuple[Row, ...]:
    system, door = ident("acs_system_id", required=True), ident("acs_entrance_id", required=True)
    one_door = (("acs_entrance", wire.AcsEntrance),)
    of_system = (ident("connected_account_id"), text("customer_key"), SEARCH)
    of_door = (
        *PAGE,
        SEARCH,
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
        listing("/acs/systems/list", systems.list, of_system, (("acs_systems", wire.AcsSystem),)),
        listing(
            "/acs/systems/list_compatible_credential_manager_acs_systems",
            systems.list_credential_managers,
            (system,),
            (("acs_systems", wire.AcsSystem),),
        ),
        Row(
            "/acs/systems/report_devices",
            None,
            "add_document",
            systems.report_devices,
            (system, objects("acs_entrances"), objects("acs_encoders")),
        ),
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
        *PAGE,
        SEARCH,
        BEFORE,
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
        listing(f"{base}/list_accessible_entrances", users.list_accessible_entrances, by, entrances),
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
    filters = (*_USER_SELECTOR, SEARCH)
    one, all_ = (("acs_access_group", wire.AcsAccessGroup),), (("acs_access_groups", wire.AcsAccessGroup),)
    member = (group, *_MEMBER_SELECTOR)
    add = (group, ident("acs_user_id", required=True))
    entrances = (("acs_entrances", wire.AcsEntrance),)
    return (
        Row(f"{base}/get", GET, READ, groups.get, (group,), one),
        listing(f"{base}/list", groups.list, filters, all_),
        listing(f"{base}/list_users", groups.list_users, (group,), (("acs_users", wire.AcsUser),)),
        listing(f"{base}/list_accessible_entrances", groups.list_accessible_entrances, (group,), entrances),
        Row(f"{base}/delete", DELETE, "end_door_group", groups.delete, (group,)),
        Row(f"{base}/add_user", PUT, "grant_access", groups.add_user, member),
        Row(f"{base}/remove_user", DELETE, "end_grant", groups.remove_user, member),
        Row("/acs/users/add_to_access_group", PUT, "grant_access", groups.add_user, add),
        Row("/acs/users/remove_from_access_group", DELETE, "end_grant", groups.remove_user, member),
    )
