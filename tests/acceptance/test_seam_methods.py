"""Every served method of the vendor's Python client, once with what exists and once with what does not."""

from collections.abc import Callable
from typing import Any

import pytest
from seam.exceptions import SeamHttpApiError
from seam.seam import Seam

from tests.acceptance.test_seam_python import UNKNOWN, add_door, closing_client, native
from tests.support.process import RekeyProcess

READS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("workspaces.get", ()),
    ("workspaces.list", ()),
    ("devices.get", ("device_id",)),
    ("devices.list", ()),
    ("locks.get", ("device_id",)),
    ("locks.list", ()),
    ("user_identities.get", ("user_identity_id",)),
    ("user_identities.list", ()),
    ("user_identities.list_accessible_devices", ("user_identity_id",)),
    ("user_identities.list_accessible_entrances", ("user_identity_id",)),
    ("user_identities.list_acs_systems", ("user_identity_id",)),
    ("user_identities.list_acs_users", ("user_identity_id",)),
    ("user_identities.unmanaged.list", ()),
    ("client_sessions.get", ("client_session_id",)),
    ("client_sessions.list", ()),
    ("connect_webviews.get", ("connect_webview_id",)),
    ("connect_webviews.list", ()),
    ("connected_accounts.list", ()),
    ("devices.list_device_providers", ()),
    ("devices.unmanaged.list", ()),
    ("spaces.get", ("space_id",)),
    ("spaces.list", ()),
    ("acs.systems.get", ("acs_system_id",)),
    ("acs.systems.list_compatible_credential_manager_acs_systems", ("acs_system_id",)),
    ("acs.systems.list", ()),
    ("acs.entrances.get", ("acs_entrance_id",)),
    ("acs.entrances.list", ()),
    ("acs.users.get", ("acs_user_id",)),
    ("acs.users.list", ()),
    ("acs.users.list_accessible_entrances", ("acs_user_id",)),
    ("acs.access_groups.get", ("acs_access_group_id",)),
    ("acs.access_groups.list", ()),
    ("acs.access_groups.list_users", ("acs_access_group_id",)),
    ("acs.access_groups.list_accessible_entrances", ("acs_access_group_id",)),
)
WRITES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("user_identities.grant_access_to_device", ("user_identity_id", "device_id")),
    ("acs.entrances.grant_access", ("acs_user_id", "acs_entrance_id")),
    ("acs.access_groups.add_user", ("acs_user_id", "acs_access_group_id")),
    ("acs.users.add_to_access_group", ("acs_user_id", "acs_access_group_id")),
    ("user_identities.add_acs_user", ("acs_user_id", "user_identity_id")),
    ("user_identities.update", ("user_identity_id",)),
    ("acs.users.update", ("acs_user_id",)),
    ("acs.users.suspend", ("acs_user_id",)),
    ("acs.users.unsuspend", ("acs_user_id",)),
    ("acs.access_groups.remove_user", ("acs_user_id", "acs_access_group_id")),
    ("acs.users.remove_from_access_group", ("acs_user_id", "acs_access_group_id")),
    ("user_identities.revoke_access_to_device", ("user_identity_id", "device_id")),
    ("acs.users.revoke_access_to_all_entrances", ("acs_user_id",)),
    ("devices.update", ("device_id",)),
    ("devices.simulate.disconnect", ("device_id",)),
    ("devices.simulate.connect", ("device_id",)),
    ("devices.simulate.disconnect_from_hub", ("device_id",)),
    ("devices.simulate.connect_to_hub", ("device_id",)),
    ("client_sessions.revoke", ("client_session_id",)),
    ("client_sessions.delete", ("client_session_id",)),
    ("connect_webviews.delete", ("connect_webview_id",)),
    ("spaces.delete", ("space_id",)),
    ("acs.access_groups.delete", ("acs_access_group_id",)),
    ("acs.users.delete", ("acs_user_id",)),
    ("user_identities.delete", ("user_identity_id",)),
)


def method(seam: Seam, path: str) -> Callable[..., Any]:
    found: Any = seam
    for name in path.split("."):
        found = getattr(found, name)
    return found


def furnish(seam: Seam, server: RekeyProcess) -> dict[str, str]:
    door = add_door(server, "Every method")
    group = native(server, "POST", "/door_groups", name="Every method", site=server.site_id)["id"]
    native(server, "PUT", f"/door_groups/{group}/doors/{door}")
    session = seam.client_sessions.create()
    webview = seam.connect_webviews.create()
    space = seam.spaces.create(name="Every method", device_ids=[door])
    user = seam.acs.users.create(acs_system_id=server.site_id, full_name="Every Method")
    return {
        "device_id": door,
        "acs_entrance_id": door,
        "acs_access_group_id": str(group),
        "acs_system_id": server.site_id,
        "client_session_id": session.client_session_id,
        "connect_webview_id": webview.connect_webview_id,
        "space_id": space.space_id,
        "acs_user_id": user.acs_user_id,
        "user_identity_id": str(user.user_identity_id),
    }


def test_every_served_method_succeeds_with_what_exists(server: RekeyProcess) -> None:
    with closing_client(server, server.keys["seam"]) as seam:
        known = furnish(seam, server)
        for path, names in READS:
            assert method(seam, path)(**{name: known[name] for name in names}) is not None, path
        for path, names in WRITES:
            assert method(seam, path)(**{name: known[name] for name in names}) is None, path


@pytest.mark.parametrize(("path", "names"), [case for case in (*READS, *WRITES) if case[1]])
def test_every_served_method_refuses_what_is_unknown_by_its_own_name(
    server: RekeyProcess, path: str, names: tuple[str, ...]
) -> None:
    with closing_client(server, server.keys["seam"]) as seam, pytest.raises(SeamHttpApiError) as refused:
        method(seam, path)(**dict.fromkeys(names, UNKNOWN))
    assert refused.value.status_code == 404
    assert refused.value.code in {f"{name.removesuffix('_id')}_not_found" for name in names}
    assert refused.value.request_id
