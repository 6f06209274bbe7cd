"""Applications, their keys and users, and the gateway, by the vendor's own SDK."""

import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.support.doordeck_sdk import SdkRefused
from tests.support.doordeck_stage import PASSWORD, Account, Stage

pytestmark = pytest.mark.soak
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PREFERENCES = {
    "senderEmail": "post@app.test",
    "senderName": "App",
    "primaryColour": "#112233",
    "secondaryColour": "#445566",
    "onlySendEssentialEmails": True,
    "callToAction": {"actionTarget": "https://app.test/go", "headline": "Go", "actionText": "There"},
}
CHANGES = {
    "Name": "Another name",
    "CompanyName": "Another company",
    "MailingAddress": "post@other.test",
    "PrivacyPolicy": "https://app.test/privacy",
    "SupportContact": "https://app.test/help",
    "AppLink": "https://app.test/app",
    "LogoUrl": "https://cdn.doordeck.com/application/logo.png",
    "EmailPreferences": PREFERENCES,
}


@pytest.fixture
def application(owner: Account) -> Iterator[dict[str, str]]:
    """A new application of the owner, as the SDK names it in every call."""
    made = {"name": "App", "companyName": "Acme", "mailingAddress": "post@app.test"}
    named = {"applicationId": owner.sdk.call("platform", "createApplication", made)}
    yield named
    owner.sdk.call("platform", "deleteApplication", named)


def show(account: Account, application: dict[str, str]) -> Any:
    return account.sdk.call("platform", "getApplication", application)


def text(number: int) -> str:
    return raw(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def raw(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def rsa_key() -> dict[str, str]:
    numbers = rsa.generate_private_key(65537, 2048).private_numbers()
    secret = {"p": numbers.p, "q": numbers.q, "d": numbers.d, "qi": numbers.iqmp}
    more = {
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "e": numbers.public_numbers.e,
        "n": numbers.public_numbers.n,
    }
    members = {name: text(number) for name, number in {**secret, **more}.items()}
    return {"kty": "RSA", "alg": "RS256", **members}


def ec_key() -> dict[str, str]:
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    point = {"x": text(numbers.public_numbers.x), "y": text(numbers.public_numbers.y)}
    return {"kty": "EC", "alg": "ES256", "crv": "P-256", "d": text(numbers.private_value), **point}


def ed_key(key: ed25519.Ed25519PrivateKey) -> dict[str, str]:
    pair = {"d": raw(key.private_bytes_raw()), "x": raw(key.public_key().public_bytes_raw())}
    return {"kty": "OKP", "alg": "EdDSA", "crv": "Ed25519", **pair}


def add_key(owner: Account, application: dict[str, str], kind: str, key: dict[str, str]) -> None:
    # The Windows build tells the three kinds apart by the name of its own class.
    named = {
        "type": f"com.doordeck.multiplatform.sdk.model.data.{kind}KeyData",
        "use": "sig",
        "kid": f"a {kind} key",
    }
    owner.sdk.call("platform", "addAuthKey", {**application, "key": {**key, **named}})


def test_an_application_is_made_with_all_its_members_and_listed(owner: Account) -> None:
    named = {"name": "Whole", "companyName": "Acme", "mailingAddress": "post@app.test"}
    links = {"privacyPolicy": "https://app.test/p", "supportContact": "mailto:help@app.test"}
    pictures = {"appLink": "https://app.test", "logoUrl": "https://cdn.doordeck.com/application/x.png"}
    wanted = {**named, **links, **pictures, "emailPreferences": PREFERENCES}
    made = owner.sdk.call("platform", "createApplication", wanted)
    listed = owner.sdk.call("platform", "listApplications")
    shown = next(one for one in listed if one["applicationId"] == made)
    assert {name: shown[name] for name in wanted} == wanted
    owner.sdk.call("platform", "deleteApplication", {"applicationId": made})
    with pytest.raises(SdkRefused, match="NotFoundException"):
        show(owner, {"applicationId": made})


@pytest.mark.parametrize("member", CHANGES)
def test_a_member_of_an_application_is_changed_alone(
    owner: Account, application: dict[str, str], member: str
) -> None:
    name = member[0].lower() + member[1:]
    before = show(owner, application)
    change = {**application, name: CHANGES[member]}
    owner.sdk.call("platform", f"updateApplication{member}", change)
    after = show(owner, application)
    changed = {key for key in after if after[key] != before[key]} - {"lastUpdated"}
    assert (changed, after[name]) == ({name}, CHANGES[member])


def test_an_application_is_its_owners_alone(
    owner: Account, guest: Account, application: dict[str, str]
) -> None:
    with pytest.raises(SdkRefused, match=r"ForbiddenException|NotFoundException"):
        show(guest, application)
    new = {**application, "userId": guest.id}
    owner.sdk.call("platform", "addApplicationOwner", new)
    owners = guest.sdk.call("platform", "getApplicationOwnersDetails", application)
    assert {one["userId"] for one in owners} == {owner.id, guest.id}
    owner.sdk.call("platform", "removeApplicationOwner", new)
    with pytest.raises(SdkRefused, match=r"ForbiddenException|NotFoundException"):
        show(guest, application)


def test_issuers_and_origins_come_and_go(owner: Account, application: dict[str, str]) -> None:
    for function, url in (("addAuthIssuer", "https://issuer.test"), ("addCorsDomain", "https://page.test")):
        owner.sdk.call("platform", function, {**application, "url": url})
    shown = show(owner, application)
    assert (shown["authDomains"], shown["corsDomains"]) == (["https://issuer.test"], ["https://page.test"])
    owner.sdk.call("platform", "deleteAuthIssuer", {**application, "url": "https://issuer.test"})
    owner.sdk.call("platform", "removeCorsDomain", {**application, "url": "https://page.test"})
    shown = show(owner, application)
    assert (shown["authDomains"], shown["corsDomains"]) == ([], [])


def test_keys_of_each_kind_come_back_as_they_were_given(owner: Account, application: dict[str, str]) -> None:
    given = {
        "Rsa": rsa_key(),
        "Ec": ec_key(),
        "Ed25519": ed_key(ed25519.Ed25519PrivateKey.generate()),
    }
    for kind, key in given.items():
        add_key(owner, application, kind, key)
    kept = show(owner, application)["authKeys"]
    public = ("kty", "alg", "crv", "x", "y", "n", "e")
    for kind, key in given.items():
        shown = kept[f"a {kind} key"]
        assert {name: shown[name] for name in public if name in key} == {
            name: key[name] for name in public if name in key
        }


def test_a_user_of_an_application_signs_in_by_its_token_and_opens_a_shared_lock(
    owner: Account, application: dict[str, str], stage: Stage, lock: str
) -> None:
    key, issuer, email = ed25519.Ed25519PrivateKey.generate(), "https://sign-in.test", stage.address("third")
    add_key(owner, application, "Ed25519", ed_key(key))
    owner.sdk.call("platform", "addAuthIssuer", {**application, "url": issuer})
    issued = int(time.time())
    claims = {"sub": "their-1", "iss": issuer, "aud": "https://api.doordeck.com", "iat": issued}
    claims |= {"exp": issued + 200_000, "email": email, "email_verified": True, "name": "Thea Third"}
    signed = ".".join(
        raw(json.dumps(part).encode()) for part in ({"kid": "a Ed25519 key", "alg": "EdDSA"}, claims)
    )
    user = Account(stage.sdk(), email)
    user.sdk.put("contextManager", "setCloudAuthToken", f"{signed}.{raw(key.sign(signed.encode()))}")
    assert user.sdk.call("account", "getUserDetails")["email"] == email
    pair = json.loads(user.sdk.text("crypto", "generateEncodedKeyPair") or "")
    user.sdk.put("contextManager", "setKeyPair", pair["publicKey"], pair["privateKey"])
    user.sdk.call("account", "registerEphemeralKey", pair)
    assert user.sdk.call("contextManager", "getContextState", True) == "READY"
    users = owner.sdk.call("platform", "getApplicationUsers", {**application, "pageSize": 10})
    assert [(one["userId"], one["foreignKey"]) for one in users] == [(user.id, "their-1")]
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        user.unlock(lock)
    share = {"targetUserId": user.id, "targetUserRole": "USER", "targetUserPublicKey": _public_key(user)}
    owner.sdk.call("lockOperations", "shareLock", {"baseOperation": {"lockId": lock}, "shareLock": share})
    user.unlock(lock)
    with pytest.raises(SdkRefused, match="ForbiddenException"):
        user.sdk.call("account", "changePassword", {"oldPassword": PASSWORD, "newPassword": PASSWORD})
    found = user.sdk.call("lockOperations", "getUserPublicKeyByForeignKey", {"foreignKey": "their-1"})
    assert found["id"] == user.id


def _public_key(user: Account) -> str:
    return str(user.sdk.call("account", "getUserDetails")["publicKey"])


def test_a_logo_is_uploaded_and_named_on_the_cdn(owner: Account, application: dict[str, str]) -> None:
    png = {**application, "contentType": "image/png"}
    assert ".com/" in owner.sdk.call("platform", "getLogoUploadUrl", png)["uploadUrl"]
    owner.sdk.call("helper", "uploadPlatformLogo", {**png, "image": b64encode(PNG).decode()})
    path = f"/application/{application['applicationId']}.png"
    assert show(owner, application)["logoUrl"] == f"https://cdn.doordeck.com{path}"
    with pytest.raises(SdkRefused, match="BadRequestException"):
        owner.sdk.call("platform", "getLogoUploadUrl", {**application, "contentType": "image/svg+xml"})


def test_a_demo_controller_of_the_gateway_becomes_a_lock(owner: Account, stage: Stage) -> None:
    gateway, demo = "fusion", {"type": "demo", "port": 8080}
    with pytest.raises(SdkRefused, match="UnauthorizedException"):
        stage.sdk().call(gateway, "getIntegrationType")
    owner.sdk.call(gateway, "loginFusion", stage.server.owner)
    name = f"Gateway {next(stage.numbers)}"
    wanted = {"name": name, "siteId": stage.server.site_id, "controller": demo}
    owner.sdk.call(gateway, "enableDoor", wanted)
    assert owner.sdk.call(gateway, "getIntegrationType")["status"] == "demo"
    found = owner.sdk.call(gateway, "getIntegrationConfiguration", {"type": "demo", "controller": demo})
    lock = next(one["doordeck"]["id"] for one in found if (one["doordeck"] or {}).get("name") == name)
    door = {"deviceId": lock}
    owner.unlock(lock)
    owner.sdk.call(gateway, "stopDoor", door)
    assert owner.sdk.call(gateway, "getDoorStatus", door)["state"] == "STOPPED"
    with pytest.raises(SdkRefused, match="ServiceUnavailableException"):
        owner.unlock(lock)
    owner.sdk.call(gateway, "startDoor", door)
    assert owner.sdk.call(gateway, "getDoorStatus", door)["state"] == "RUNNING"
    owner.unlock(lock)
    owner.sdk.call(gateway, "deleteDoor", door)
    assert owner.sdk.call(gateway, "getDoorStatus", door)["state"] == "UNDEFINED"


def test_a_controller_that_this_server_does_not_drive_is_refused_by_name(
    owner: Account, stage: Stage
) -> None:
    owner.sdk.call("fusion", "loginFusion", stage.server.owner)
    axis = {"type": "axis", "baseUrl": "http://axis.test", "doorIdentifier": "1"}
    wanted = {"name": "Axis", "siteId": stage.server.site_id, "controller": axis}
    with pytest.raises(SdkRefused, match="'axis'"):
        owner.sdk.call("fusion", "enableDoor", wanted)
