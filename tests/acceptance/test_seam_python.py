"""The vendor's Python client, unmodified, against a served store."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from seam.exceptions import (
    SeamActionAttemptFailedError,
    SeamHttpApiError,
    SeamHttpInvalidInputError,
    SeamHttpUnauthorizedError,
)
from seam.seam import Seam

from tests.support.process import RekeyProcess

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def seam(server: RekeyProcess) -> Iterator[Seam]:
    with closing_client(server, server.keys["seam"]) as client:
        yield client


@pytest.fixture
def door(server: RekeyProcess, request: pytest.FixtureRequest) -> str:
    return add_door(server, request.node.name)


@contextmanager
def closing_client(server: RekeyProcess, key: str) -> Iterator[Seam]:
    client = Seam(api_key=key, endpoint=f"{server.url}/seam")
    try:
        yield client
    finally:
        client.client.close()


def native(server: RekeyProcess, verb: str, path: str, **body: Any) -> Any:
    """Do what this API has no word for."""
    answer = httpx.request(
        verb,
        f"{server.url}/api/v1{path}",
        json=body,
        headers={"authorization": f"Bearer {server.keys['rekey']}"},
    )
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def add_door(server: RekeyProcess, name: str) -> str:
    door = native(server, "POST", "/doors", name=name, site=server.site_id, driver="simulated")
    return str(door["id"])


def ids(things: list[Any], name: str) -> list[str]:
    return [getattr(thing, name) for thing in things]


def test_access_to_a_device_is_granted_listed_and_revoked(seam: Seam, door: str) -> None:
    person = seam.user_identities.create(full_name="Ada Lovelace", email_address="ada@py.test")
    link = {"user_identity_id": person.user_identity_id, "device_id": door}
    seam.user_identities.grant_access_to_device(**link)
    seam.user_identities.grant_access_to_device(**link)
    reached = seam.user_identities.list_accessible_devices(user_identity_id=person.user_identity_id)
    assert ids(reached, "device_id") == [door]
    seam.user_identities.revoke_access_to_device(**link)
    assert seam.user_identities.list_accessible_devices(user_identity_id=person.user_identity_id) == []


def test_revoking_what_is_not_there_is_done_and_an_unknown_person_is_not_found(seam: Seam, door: str) -> None:
    person = seam.user_identities.create(full_name="Nobody Special")
    for _ in range(2):
        seam.user_identities.revoke_access_to_device(user_identity_id=person.user_identity_id, device_id=door)
    with pytest.raises(SeamHttpApiError) as refused:
        seam.user_identities.revoke_access_to_device(user_identity_id=UNKNOWN, device_id=door)
    assert (refused.value.status_code, refused.value.code) == (404, "user_identity_not_found")
    with pytest.raises(SeamHttpApiError) as refused:
        seam.user_identities.revoke_access_to_device(
            user_identity_id=person.user_identity_id, device_id=UNKNOWN
        )
    assert (refused.value.status_code, refused.value.code) == (404, "device_not_found")


def test_a_user_loses_every_entrance_and_may_be_given_one_again(
    seam: Seam, server: RekeyProcess, door: str
) -> None:
    user = seam.acs.users.create(
        acs_system_id=server.site_id, full_name="Bo Peep", email_address="bo@py.test"
    )
    seam.acs.entrances.grant_access(acs_entrance_id=door, acs_user_id=user.acs_user_id)
    listed = seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id)
    assert ids(listed, "acs_entrance_id") == [door]
    seam.acs.users.revoke_access_to_all_entrances(acs_user_id=user.acs_user_id)
    assert seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id) == []
    seam.acs.entrances.grant_access(acs_entrance_id=door, user_identity_id=user.user_identity_id)
    assert seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id) != []
    seam.acs.users.revoke_access_to_all_entrances(
        user_identity_id=user.user_identity_id, acs_system_id=server.site_id
    )
    assert seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id) == []
    assert seam.acs.users.get(acs_user_id=user.acs_user_id).display_name == "Bo Peep"


def test_a_suspended_user_opens_nothing_until_unsuspended(
    seam: Seam, server: RekeyProcess, door: str
) -> None:
    user = seam.acs.users.create(acs_system_id=server.site_id, full_name="Sus Pended")
    seam.acs.entrances.grant_access(acs_entrance_id=door, acs_user_id=user.acs_user_id)
    seam.acs.users.suspend(acs_user_id=user.acs_user_id)
    assert seam.acs.users.get(acs_user_id=user.acs_user_id).is_suspended is True
    assert seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id) == []
    seam.acs.users.unsuspend(acs_user_id=user.acs_user_id)
    assert seam.acs.users.get(acs_user_id=user.acs_user_id).is_suspended is False
    assert seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id) != []


def test_a_door_is_unlocked_and_locked_and_the_client_waits_for_its_word(seam: Seam, door: str) -> None:
    unlocked: Any = seam.locks.unlock_door(device_id=door)
    assert (unlocked.status, unlocked.action_type) == ("success", "UNLOCK_DOOR")
    assert unlocked.result.was_confirmed_by_device is True
    locked = seam.locks.lock_door(device_id=door)
    assert (locked.status, locked.action_type) == ("success", "LOCK_DOOR")


def test_a_door_that_is_locked_down_ends_in_a_failed_attempt(
    seam: Seam, server: RekeyProcess, door: str
) -> None:
    native(server, "POST", f"/doors/{door}/lockdown")
    with pytest.raises(SeamActionAttemptFailedError) as failed:
        seam.locks.unlock_door(device_id=door)
    assert failed.value.code == "device_locked_down"


def test_a_door_that_is_offline_ends_in_a_failed_attempt(seam: Seam, server: RekeyProcess, door: str) -> None:
    native(server, "PATCH", f"/doors/{door}/simulate", offline=True)
    device: Any = seam.devices.get(device_id=door)
    assert device.properties.online is False
    pending = seam.locks.unlock_door(device_id=door, wait_for_action_attempt=False)
    assert pending.status == "pending"
    with pytest.raises(SeamActionAttemptFailedError) as failed:
        seam.action_attempts.get(action_attempt_id=pending.action_attempt_id, wait_for_action_attempt=True)
    assert failed.value.code == "device_offline"


def test_pages_of_people_are_followed_to_the_end(seam: Seam) -> None:
    made = [seam.user_identities.create(full_name=f"Paged {number}").user_identity_id for number in range(5)]
    paginator = seam.create_paginator(seam.user_identities.list, {"search": "Paged ", "limit": 2})
    assert ids(paginator.flatten_to_list(), "user_identity_id") == made


def test_a_person_is_found_changed_and_deleted(seam: Seam) -> None:
    person = seam.user_identities.create(user_identity_key="key-1", email_address="cleo@py.test")
    seam.user_identities.update(user_identity_id=person.user_identity_id, full_name="Cleo")
    assert seam.user_identities.get(user_identity_key="key-1").full_name == "Cleo"
    seam.user_identities.delete(user_identity_id=person.user_identity_id)
    with pytest.raises(SeamHttpApiError) as refused:
        seam.user_identities.delete(user_identity_id=person.user_identity_id)
    assert refused.value.code == "user_identity_not_found"


def test_a_missing_parameter_and_a_wrong_key_are_told_apart(seam: Seam, server: RekeyProcess) -> None:
    with pytest.raises(SeamHttpInvalidInputError) as refused:
        seam.client.post("/locks/unlock_door", json={"device_id": 7})
    assert refused.value.get_validation_error_messages("device_id") == ["Expected string, received number"]
    with (
        closing_client(server, "seam_stranger_zzzzzzzzzzzzzzzzzzzzzzzz") as stranger,
        pytest.raises(SeamHttpUnauthorizedError) as unknown,
    ):
        stranger.devices.list()
    assert unknown.value.request_id


def test_groups_of_doors_are_joined_and_left(seam: Seam, server: RekeyProcess, door: str) -> None:
    group = native(server, "POST", "/door_groups", name="Labs", site=server.site_id)["id"]
    native(server, "PUT", f"/door_groups/{group}/doors/{door}")
    user = seam.acs.users.create(acs_system_id=server.site_id, full_name="Member")
    member = {"acs_access_group_id": group, "acs_user_id": user.acs_user_id}
    seam.acs.access_groups.add_user(**member)
    joined = seam.acs.access_groups.list_users(acs_access_group_id=group)
    assert ids(joined, "acs_user_id") == [user.acs_user_id]
    assert ids(seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id), "acs_entrance_id") == [
        door
    ]
    seam.acs.access_groups.remove_user(**member)
    assert seam.acs.users.list_accessible_entrances(acs_user_id=user.acs_user_id) == []


def test_a_key_shows_its_own_workspace_and_systems(seam: Seam, server: RekeyProcess) -> None:
    organization_id = server.made["organization"]["id"]
    assert seam.workspaces.get().workspace_id == organization_id
    assert ids(seam.workspaces.list(), "workspace_id") == [organization_id]
    assert server.site_id in ids(seam.acs.systems.list(), "acs_system_id")
