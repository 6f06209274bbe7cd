"""Signed operations, by the vendor's own SDK: it makes the keys, signs, and reads what comes back."""

import time
from uuid import uuid4

import pytest

from tests.support.doordeck_sdk import SdkRefused
from tests.support.doordeck_stage import Account, Stage

pytestmark = pytest.mark.soak
OPEN_HOURS = {
    "start": "08:15",
    "end": "18:45",
    "timezone": "Europe/Madrid",
    "days": ["MONDAY", "FRIDAY"],
    "exceptions": ["2026-12-25"],
}


def base(lock: str, **more: object) -> dict[str, object]:
    return {"baseOperation": {"lockId": lock, **more}}


def now() -> int:
    return int(time.time())


def milliseconds(ahead: int) -> int:
    """The Windows build takes the times of an operation in milliseconds, and those of a share in seconds."""
    return (now() + ahead) * 1000


def test_unlocking_goes_through_the_direct_endpoint_and_the_cloud_at_once(owner: Account, lock: str) -> None:
    endpoint = "https://api.doordeck.com/device/execute"
    owner.sdk.call("lockOperations", "unlock", {**base(lock), "directAccessEndpoints": [endpoint]})


def test_somebody_without_the_lock_is_refused(guest: Account, lock: str) -> None:
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.unlock(lock)


def test_a_shared_lock_opens_until_it_is_revoked(owner: Account, guest: Account, lock: str) -> None:
    owner.share(lock, guest.email)
    guest.unlock(lock)
    owner.sdk.call("lockOperations", "revokeAccessToLock", {**base(lock), "users": [guest.id]})
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.unlock(lock)


def test_a_share_opens_nothing_before_it_begins_and_is_not_made_when_it_has_ended(
    owner: Account, guest: Account, lock: str
) -> None:
    owner.share(lock, guest.email, start=now() + 3600)
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.unlock(lock)
    with pytest.raises(SdkRefused, match="BadRequestException"):
        owner.share(lock, guest.email, start=now() - 7200, end=now() - 3600)
    owner.share(lock, guest.email, start=now() - 60, end=now() + 3600)
    guest.unlock(lock)


def test_only_an_administrator_shares_and_a_promoted_user_is_one(
    owner: Account, guest: Account, lock: str, stage: Stage
) -> None:
    friend = stage.register("Finn Friend")
    owner.share(lock, guest.email)
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.share(lock, friend.email)
    owner.share(lock, guest.email, role="ADMIN")
    assert guest.lock(lock)["role"] == "ADMIN"
    guest.share(lock, friend.email)
    friend.unlock(lock)


def test_several_users_get_a_lock_in_one_operation(owner: Account, stage: Stage, lock: str) -> None:
    several = [stage.register(f"Batch{number}") for number in range(2)]
    users = [owner.target(one.email) for one in several]
    owner.sdk.call("lockOperations", "batchShareLock", {**base(lock), "users": users})
    for one in several:
        one.unlock(lock)


def test_a_batch_with_a_user_that_does_not_exist_gives_the_lock_to_nobody(
    owner: Account, stage: Stage, lock: str
) -> None:
    member = stage.register("Bert Batch")
    known = owner.target(member.email)
    users = [known, {**known, "targetUserId": str(uuid4())}]
    with pytest.raises(SdkRefused, match=r"NotFoundException|BadRequestException"):
        owner.sdk.call("lockOperations", "batchShareLock", {**base(lock), "users": users})
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        member.unlock(lock)


def test_a_user_gives_a_lock_up_alone(owner: Account, guest: Account, lock: str) -> None:
    owner.share(lock, guest.email)
    guest.sdk.call("lockOperations", "revokeAccessToLock", {**base(lock), "users": [guest.id]})
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.unlock(lock)


def test_the_same_operation_is_taken_once(owner: Account, lock: str) -> None:
    once = base(lock, jti=str(uuid4()))
    owner.sdk.call("lockOperations", "unlock", once)
    with pytest.raises(SdkRefused, match="ConflictException"):
        owner.sdk.call("lockOperations", "unlock", once)


@pytest.mark.parametrize(
    ("times", "refusal"),
    [
        ({"expiresAt": -10}, "BadRequestException"),
        ({"notBefore": 600}, "BadRequestException"),
        ({"expiresAt": 15 * 24 * 3600}, "BadRequestException"),
    ],
)
def test_an_operation_out_of_its_time_is_refused(
    owner: Account, lock: str, times: dict[str, int], refusal: str
) -> None:
    shifted = {name: milliseconds(seconds) for name, seconds in times.items()}
    with pytest.raises(SdkRefused, match=refusal):
        owner.sdk.call("lockOperations", "unlock", base(lock, **shifted))


def test_an_operation_that_may_wait_is_taken(owner: Account, lock: str) -> None:
    owner.sdk.call("lockOperations", "unlock", base(lock, expiresAt=milliseconds(600)))


def test_an_operation_signed_by_another_key_or_for_another_user_is_refused(
    owner: Account, guest: Account, lock: str
) -> None:
    owner.share(lock, guest.email)
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.sdk.call("lockOperations", "unlock", base(lock, userId=owner.id))
    chain = (owner.sdk.text("contextManager", "getCertificateChain") or "").split("|")
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.sdk.call("lockOperations", "unlock", base(lock, userCertificateChain=chain))


def test_a_lock_that_is_not_there_is_not_found(owner: Account) -> None:
    with pytest.raises(SdkRefused, match="NotFoundException"):
        owner.unlock(str(uuid4()))


def test_the_unlock_duration_is_set_alone(owner: Account, lock: str) -> None:
    operations = "lockOperations"
    owner.sdk.call(
        operations, "updateSecureSettingUnlockBetween", {**base(lock), "unlockBetween": OPEN_HOURS}
    )
    owner.sdk.call(operations, "updateSecureSettingUnlockDuration", {**base(lock), "unlockDuration": 9})
    settings = owner.lock(lock)["settings"]
    assert (settings["unlockTime"], settings["unlockBetweenWindow"]) == (9, OPEN_HOURS)
    with pytest.raises(SdkRefused, match="BadRequestException"):
        owner.sdk.call(operations, "updateSecureSettingUnlockDuration", {**base(lock), "unlockDuration": 61})


def test_open_hours_come_back_to_the_minute_and_are_removed(owner: Account, lock: str) -> None:
    change = "updateSecureSettingUnlockBetween"
    owner.sdk.call("lockOperations", change, {**base(lock), "unlockBetween": OPEN_HOURS})
    assert owner.lock(lock)["settings"]["unlockBetweenWindow"] == OPEN_HOURS
    owner.sdk.call("lockOperations", change, {**base(lock), "unlockBetween": None})
    assert owner.lock(lock)["settings"]["unlockBetweenWindow"] is None


def test_a_user_changes_no_setting(owner: Account, guest: Account, lock: str) -> None:
    owner.share(lock, guest.email)
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.sdk.call(
            "lockOperations", "updateSecureSettingUnlockDuration", {**base(lock), "unlockDuration": 3}
        )


def test_the_audit_tells_who_did_what_and_what_was_refused(owner: Account, guest: Account, lock: str) -> None:
    owner.share(lock, guest.email)
    guest.unlock(lock)
    owner.sdk.call("lockOperations", "revokeAccessToLock", {**base(lock), "users": [guest.id]})
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        guest.unlock(lock)
    span = {"start": now() - 600, "end": now() + 60}
    rows = owner.sdk.call("lockOperations", "getLockAuditTrail", {"lockId": lock, **span})
    told = [(row["type"], row["issuer"]["userId"], row["rejected"]) for row in rows]
    for expected in (
        ("LOCK_SHARED", owner.id, False),
        ("DOOR_UNLOCK", guest.id, False),
        ("LOCK_REVOKED", owner.id, False),
        ("DOOR_UNLOCK", guest.id, True),
    ):
        assert expected in told
    opened = next(row for row in rows if row["type"] == "DOOR_UNLOCK" and not row["rejected"])
    assert (opened["issuer"]["ip"], opened["userAgent"]["type"]) == ("127.0.0.1", "KMP_SDK_WINDOWS")
    theirs = owner.sdk.call("lockOperations", "getAuditForUser", {"userId": guest.id, **span})
    assert {row["deviceId"] for row in theirs} >= {lock}
    earlier = {"start": now() - 7200, "end": now() - 3600}
    assert owner.sdk.call("lockOperations", "getLockAuditTrail", {"lockId": lock, **earlier}) == []
