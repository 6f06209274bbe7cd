"""Reading locks, sites, tiles and users, and the properties of locks, by the vendor's own SDK."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.support.doordeck_sdk import SdkRefused
from tests.support.doordeck_stage import Account, Stage

pytestmark = pytest.mark.soak
HOURS = {"start": "00:00", "end": "23:59", "timezone": "Asia/Kathmandu", "days": ["SUNDAY"]}
PLACE = {"latitude": -12.5, "longitude": 130.25, "enabled": True, "radius": 40, "accuracy": 90}


def change(account: Account, function: str, lock: str, **values: object) -> None:
    account.sdk.call("lockOperations", function, {"lockId": lock, **values})


def test_a_new_lock_has_every_member_that_the_sdk_insists_on(owner: Account, lock: str) -> None:
    shown = owner.lock(lock)
    assert (shown["id"], shown["role"], shown["favourite"]) == (lock, "ADMIN", False)
    assert set(shown["settings"]["capabilities"]) <= {
        "OPEN_HOURS",
        "BATCH_SHARING_25",
        "CONFIGURABLE_UNLOCK_DURATION",
    }


def test_a_lock_of_somebody_else_is_not_shown(guest: Account, lock: str) -> None:
    with pytest.raises(SdkRefused, match=r"ForbiddenException|NotFoundException"):
        guest.lock(lock)


def test_an_alias_is_the_callers_own_and_null_clears_it(owner: Account, guest: Account, lock: str) -> None:
    owner.share(lock, guest.email)
    before = owner.lock(lock)["name"]
    change(guest, "updateLockName", lock, name="My way in")
    assert (guest.lock(lock)["name"], owner.lock(lock)["name"]) == ("My way in", before)
    change(guest, "updateLockName", lock, name=None)
    assert guest.lock(lock)["name"] == before


def test_a_favourite_is_pinned_for_the_caller_alone(owner: Account, guest: Account, lock: str) -> None:
    owner.share(lock, guest.email)
    change(guest, "updateLockFavourite", lock, favourite=True)
    assert lock in [one["id"] for one in guest.sdk.call("lockOperations", "getPinnedLocks")]
    assert lock not in [one["id"] for one in owner.sdk.call("lockOperations", "getPinnedLocks")]
    change(guest, "updateLockFavourite", lock, favourite=False)
    assert guest.lock(lock)["favourite"] is False


def test_the_name_for_everybody_is_an_administrators_to_change(
    owner: Account, guest: Account, lock: str
) -> None:
    owner.share(lock, guest.email)
    change(owner, "updateLockSettingDefaultName", lock, name="Back entrance")
    assert guest.lock(lock)["settings"]["defaultName"] == "Back entrance"
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        change(guest, "updateLockSettingDefaultName", lock, name="Mine")


def test_a_hidden_lock_says_so(owner: Account, lock: str) -> None:
    change(owner, "updateLockSettingHidden", lock, hidden=True)
    assert owner.lock(lock)["settings"]["hidden"] is True


def test_a_lock_opens_for_permitted_addresses_alone(owner: Account, lock: str) -> None:
    change(owner, "setLockSettingPermittedAddresses", lock, permittedAddresses=["192.0.2.7", "2001:db8::1"])
    assert owner.lock(lock)["settings"]["permittedAddresses"] == ["192.0.2.7", "2001:db8::1"]
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        owner.unlock(lock)
    change(owner, "setLockSettingPermittedAddresses", lock, permittedAddresses=["127.0.0.1"])
    owner.unlock(lock)
    change(owner, "setLockSettingPermittedAddresses", lock, permittedAddresses=[])
    assert owner.lock(lock)["settings"]["permittedAddresses"] == []


def test_times_and_place_of_use_are_kept_beside_each_other(owner: Account, lock: str) -> None:
    change(owner, "setLockSettingTimeRestrictions", lock, times=[HOURS])
    change(owner, "updateLockSettingLocationRestrictions", lock, location=PLACE)
    assert owner.lock(lock)["settings"]["usageRequirements"] == {"time": [HOURS], "location": PLACE}
    change(owner, "updateLockSettingLocationRestrictions", lock, location=None)
    change(owner, "setLockSettingTimeRestrictions", lock, times=[])
    assert owner.lock(lock)["settings"]["usageRequirements"] == {"time": [], "location": None}


def test_a_lock_opens_in_its_times_of_use_alone(owner: Account, lock: str) -> None:
    today = datetime.now(UTC)
    away = (today + timedelta(days=3)).strftime("%A").upper()
    change(
        owner, "setLockSettingTimeRestrictions", lock, times=[{**HOURS, "timezone": "UTC", "days": [away]}]
    )
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        owner.unlock(lock)
    everyday = [(today + timedelta(days=day)).strftime("%A").upper() for day in range(7)]
    change(
        owner, "setLockSettingTimeRestrictions", lock, times=[{**HOURS, "timezone": "UTC", "days": everyday}]
    )
    owner.unlock(lock)


def test_who_holds_a_lock_and_what_somebody_holds(owner: Account, guest: Account, lock: str) -> None:
    owner.share(lock, guest.email)
    users = owner.sdk.call("lockOperations", "getUsersForLock", {"lockId": lock})
    assert {user["userId"]: user["role"] for user in users} == {owner.id: "ADMIN", guest.id: "USER"}
    theirs = owner.sdk.call("lockOperations", "getLocksForUser", {"userId": guest.id})
    assert lock in [one["deviceId"] for one in theirs["devices"]]
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.sdk.call("lockOperations", "getUsersForLock", {"lockId": lock})


def test_shareable_locks_are_those_that_the_caller_administers(
    owner: Account, guest: Account, lock: str
) -> None:
    owner.share(lock, guest.email)
    assert lock in [one["id"] for one in owner.sdk.call("lockOperations", "getShareableLocks")]
    assert lock not in [one["id"] for one in guest.sdk.call("lockOperations", "getShareableLocks")]


def test_users_are_found_by_what_is_known_of_them(owner: Account, guest: Account) -> None:
    find = "getUserPublicKeyBy"
    one = owner.sdk.call("lockOperations", find + "Email", {"email": guest.email})
    assert one["id"] == guest.id
    several = owner.sdk.call("lockOperations", find + "Emails", {"emails": [guest.email, "no@body.test"]})
    assert [user["id"] for user in several] == [guest.id]
    by_id = owner.sdk.call("lockOperations", find + "LocalKey", {"localKey": guest.id})
    assert by_id == one
    again = owner.sdk.call("lockOperations", find + "LocalKeys", {"localKeys": [guest.id]})
    assert [user["id"] for user in again] == [guest.id]


@pytest.mark.parametrize("by", ["Email", "Telephone", "LocalKey", "ForeignKey"])
def test_nobody_is_found_by_what_is_not_known(owner: Account, by: str) -> None:
    member = by[0].lower() + by[1:]
    asked = str(uuid4())
    with pytest.raises(SdkRefused, match="NotFoundException"):
        owner.sdk.call("lockOperations", f"getUserPublicKeyBy{by}", {member: asked})
    assert owner.sdk.call("lockOperations", f"getUserPublicKeyBy{by}s", {f"{member}s": [asked]}) == []


def test_an_identity_is_for_users_of_an_application(owner: Account) -> None:
    with pytest.raises(SdkRefused, match="BadRequestException"):
        owner.sdk.call("lockOperations", "getUserPublicKeyByIdentity", {"identity": "of nobody"})


def test_an_unknown_address_is_invited_and_may_then_be_given_a_lock(
    owner: Account, stage: Stage, lock: str
) -> None:
    email = stage.address("visitor")
    invited = owner.sdk.call("lockOperations", "getUserPublicKey", {"userEmail": email, "visitor": True})
    owner.share(lock, email)
    users = owner.sdk.call("lockOperations", "getUsersForLock", {"lockId": lock})
    assert [user["orphan"] for user in users if user["userId"] == invited["id"]] == [True]


def test_sites_list_their_locks_and_users(owner: Account, guest: Account, lock: str, stage: Stage) -> None:
    owner.share(lock, guest.email)
    site = {"siteId": stage.server.site_id}
    assert site["siteId"] in [one["id"] for one in owner.sdk.call("sites", "listSites")]
    assert lock in [one["id"] for one in owner.sdk.call("sites", "getLocksForSite", site)]
    users = [one["userId"] for one in owner.sdk.call("sites", "getUsersForSite", site)]
    assert {owner.id, guest.id} <= set(users)


def test_a_tile_leads_to_its_locks(owner: Account, guest: Account, lock: str, stage: Stage) -> None:
    tile, other = {"tileId": str(uuid4())}, stage.server.add_door("Lock beside the tile")
    link = {**tile, "siteId": stage.server.site_id, "lockIds": [lock, other]}
    owner.share(lock, guest.email)
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.sdk.call("tiles", "associateMultipleLocks", link)
    owner.sdk.call("tiles", "associateMultipleLocks", link)
    shown = guest.sdk.call("tiles", "getLocksBelongingToTile", tile)
    assert (shown["siteId"], sorted(shown["deviceIds"])) == (stage.server.site_id, sorted([lock, other]))
    assert owner.lock(lock)["settings"]["tiles"] == [tile["tileId"]]
    owner.sdk.call("tiles", "associateMultipleLocks", {**link, "lockIds": []})
    with pytest.raises(SdkRefused, match="No devices associated with this tile"):
        owner.sdk.call("tiles", "getLocksBelongingToTile", tile)
