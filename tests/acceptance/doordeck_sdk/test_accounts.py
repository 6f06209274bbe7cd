"""Accounts, sessions, keys and certificates, by the vendor's own SDK."""

import json

import pytest

from tests.support.doordeck_sdk import SdkRefused
from tests.support.doordeck_stage import PASSWORD, Account, Stage

pytestmark = pytest.mark.soak
NEW_PASSWORD = "another password of some length"


def context(sdk_account: Account) -> object:
    return sdk_account.sdk.call("contextManager", "getContextState", True)


def sign_in(account: Account, password: str) -> None:
    account.sdk.call("accountless", "login", {"email": account.email, "password": password})


def test_the_clock_of_the_server_is_read(owner: Account) -> None:
    assert owner.sdk.call("helper", "serverTime")["now"] > 1_700_000_000_000


def test_a_new_account_is_ready_to_sign_after_registration_and_sign_in(stage: Stage) -> None:
    new = stage.register("Nia New")
    assert context(new) == "READY"
    assert new.sdk.call("contextManager", "isCloudAuthTokenInvalidOrExpired", True) is False
    assert new.sdk.flag("contextManager", "isKeyPairValid")
    assert new.sdk.flag("contextManager", "isKeyPairVerified")
    assert not new.sdk.flag("contextManager", "isCertificateChainInvalidOrExpired")
    assert new.sdk.text("contextManager", "getUserEmail") == new.email
    assert (new.sdk.text("contextManager", "getCertificateChain") or "").count("|") >= 1
    details = new.sdk.call("account", "getUserDetails")
    assert (details["email"], details["displayName"], details["emailVerified"]) == (
        new.email,
        "Nia New",
        False,
    )


def test_registering_by_hand_gives_tokens_and_a_taken_address_is_a_conflict(stage: Stage) -> None:
    sdk, email = stage.sdk(), stage.address("hand")
    pair = json.loads(sdk.text("crypto", "generateEncodedKeyPair") or "")
    wanted = {"email": email, "password": PASSWORD, "force": False, "publicKey": pair["publicKey"]}
    assert sdk.call("accountless", "registration", wanted)["authToken"]
    with pytest.raises(SdkRefused, match="ConflictException"):
        stage.sdk().call("accountless", "registration", wanted)


def test_the_address_is_verified_by_the_code_that_was_mailed(stage: Stage) -> None:
    new = stage.register("Vera Verified")
    since = stage.mail.count
    new.sdk.call("account", "reverifyEmail")
    code = stage.mail.code(new.email, since=since)
    new.sdk.call("accountless", "verifyEmail", {"code": code})
    assert new.sdk.call("account", "getUserDetails")["emailVerified"] is True
    with pytest.raises(SdkRefused, match=r"NotFoundException|GoneException|BadRequestException"):
        new.sdk.call("accountless", "verifyEmail", {"code": "not a code"})


def test_the_name_is_changed(stage: Stage) -> None:
    new = stage.register("Old Name")
    new.sdk.call("account", "updateUserDetails", {"displayName": "New Name"})
    assert new.sdk.call("account", "getUserDetails")["displayName"] == "New Name"


def test_the_password_is_changed_by_the_old_one_alone(stage: Stage) -> None:
    new = stage.register("Pia Password")
    wrong = {"oldPassword": "wrong wrong wrong", "newPassword": NEW_PASSWORD}
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        new.sdk.call("account", "changePassword", wrong)
    new.sdk.call("account", "changePassword", {"oldPassword": PASSWORD, "newPassword": NEW_PASSWORD})
    sign_in(new, NEW_PASSWORD)
    with pytest.raises(SdkRefused, match="HTTP 401 Unauthorized"):
        sign_in(new, PASSWORD)


def test_a_forgotten_password_is_chosen_anew_by_mail(stage: Stage) -> None:
    new = stage.register("Rita Reset")
    since = stage.mail.count
    new.sdk.call("accountless", "passwordReset", {"email": new.email})
    chosen = {"userId": new.id, "token": stage.mail.code(new.email, since=since), "password": NEW_PASSWORD}
    new.sdk.call("accountless", "passwordResetVerify", chosen)
    sign_in(new, NEW_PASSWORD)
    with pytest.raises(SdkRefused):
        new.sdk.call("accountless", "passwordResetVerify", chosen)


def test_a_session_is_renewed_and_the_old_refresh_token_works_a_moment_longer(stage: Stage) -> None:
    new = stage.register("Renee Renewed")
    before = new.sdk.text("contextManager", "getCloudRefreshToken") or ""
    first = new.sdk.call("account", "refreshToken", {"refreshToken": before})
    assert new.sdk.text("contextManager", "getCloudAuthToken") == first["authToken"]
    # Parallel calls renew in parallel, so the old token works for a moment more.
    assert new.sdk.call("account", "refreshToken", {"refreshToken": before})["refreshToken"]
    assert context(new) == "READY"


def test_a_call_with_a_dead_token_renews_the_session_and_is_repeated(stage: Stage) -> None:
    new = stage.register("Dede Dead")
    token = new.sdk.text("contextManager", "getCloudAuthToken") or ""
    new.sdk.put("contextManager", "setCloudAuthToken", token[:-8] + "AAAAAAAA")
    assert new.sdk.call("account", "getUserDetails")["email"] == new.email
    assert new.sdk.text("contextManager", "getCloudAuthToken") != token


def test_signing_out_ends_the_session(stage: Stage) -> None:
    new = stage.register("Otto Out")
    token, refresh = (
        new.sdk.text("contextManager", f"getCloud{kind}Token") or "" for kind in ("Auth", "Refresh")
    )
    new.sdk.call("account", "logout")
    thief = stage.sdk()
    thief.put("contextManager", "setCloudAuthToken", token)
    thief.put("contextManager", "setCloudRefreshToken", refresh)
    with pytest.raises(SdkRefused, match="UnauthorizedException"):
        thief.call("account", "getUserDetails")
    assert context(Account(thief, new.email)) == "CLOUD_TOKEN_IS_INVALID_OR_EXPIRED"


def test_a_key_that_is_trusted_already_is_certified_again(stage: Stage) -> None:
    new = stage.register("Kim Key")
    pair = json.loads(new.sdk.text("contextManager", "getKeyPair") or "")
    assert new.sdk.call("account", "registerEphemeralKey", pair)["userId"] == new.id
    assert new.sdk.call("helper", "assistedRegisterEphemeralKey", pair) == {
        "requiresVerification": False,
        "requiresRetry": False,
    }


def test_a_further_phone_waits_for_the_code_from_the_mailbox(stage: Stage, lock: str, owner: Account) -> None:
    known = stage.register("Fred Further")
    owner.share(lock, known.email)
    since = stage.mail.count
    phone = Account(stage.sdk(), known.email)
    told = phone.sdk.call("helper", "assistedLogin", {"email": known.email, "password": PASSWORD})
    assert told == {"requiresVerification": True, "requiresRetry": False}
    assert context(phone) == "KEY_PAIR_IS_NOT_VERIFIED"
    code = stage.mail.code(known.email, since=since)
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        phone.sdk.call("account", "verifyEphemeralKeyRegistration", {"code": "00000000"})
    phone.sdk.call("account", "verifyEphemeralKeyRegistration", {"code": code})
    assert context(phone) == "READY"
    phone.unlock(lock)


def test_a_code_by_another_way_than_mail_is_refused(stage: Stage) -> None:
    known = stage.register("Theo Telephone")
    phone = stage.sdk()
    sign_in(Account(phone, known.email), PASSWORD)
    pair = json.loads(phone.text("crypto", "generateEncodedKeyPair") or "")
    key = {"publicKey": pair["publicKey"]}
    with pytest.raises(SdkRefused, match="LockedException"):
        phone.call("account", "registerEphemeralKey", pair)
    asked = phone.call(
        "account", "registerEphemeralKeyWithSecondaryAuthentication", {**key, "method": "EMAIL"}
    )
    assert asked == {"method": "EMAIL"}
    for method in ("SMS", "TELEPHONE"):
        with pytest.raises(SdkRefused, match="BadRequestException"):
            phone.call(
                "account", "registerEphemeralKeyWithSecondaryAuthentication", {**key, "method": method}
            )


def test_a_lost_phone_signs_nothing_any_more(stage: Stage, lock: str, owner: Account) -> None:
    loser = stage.register("Lola Lost")
    owner.share(lock, loser.email)
    loser.unlock(lock)
    keys = stage.server.command("person", "keys", loser.email)
    stage.server.command("person", "end-key", loser.email, str(keys[0]["id"]))
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        loser.unlock(lock)
    pair = json.loads(loser.sdk.text("contextManager", "getKeyPair") or "")
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        loser.sdk.call("account", "registerEphemeralKey", pair)


def test_a_context_is_carried_to_another_phone_and_cleared(stage: Stage, lock: str, owner: Account) -> None:
    mover = stage.register("Mona Mover")
    owner.share(lock, mover.email)
    manager = "contextManager"
    pair = json.loads(mover.sdk.text(manager, "getKeyPair") or "")
    phone = Account(stage.sdk(), mover.email)
    phone.sdk.put(manager, "setCloudAuthToken", mover.sdk.text(manager, "getCloudAuthToken") or "")
    phone.sdk.put(manager, "setCloudRefreshToken", mover.sdk.text(manager, "getCloudRefreshToken") or "")
    phone.sdk.put(manager, "setUserId", mover.id)
    phone.sdk.put(manager, "setUserEmail", mover.email)
    phone.sdk.put(manager, "setKeyPair", pair["publicKey"], pair["privateKey"])
    phone.sdk.put(manager, "setKeyPairVerified", pair["publicKey"])
    phone.sdk.put(manager, "setCertificateChain", mover.sdk.text(manager, "getCertificateChain") or "")
    assert context(phone) == "READY"
    phone.unlock(lock)
    phone.sdk.put(manager, "clearContext")
    assert context(phone) == "CLOUD_TOKEN_IS_INVALID_OR_EXPIRED"


def test_a_deleted_account_signs_in_no_more(stage: Stage) -> None:
    leaver = stage.register("Lea Leaver")
    leaver.sdk.call("account", "deleteAccount")
    with pytest.raises(SdkRefused, match="HTTP 401 Unauthorized"):
        sign_in(leaver, PASSWORD)
