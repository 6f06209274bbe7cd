"""The answers as the official client parses them: one missing, null or mistyped member refuses the whole.

Written from the wire contract, sections 1.1, 2, 3, 4 and 6.
"""

import json
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from tests.support.asgi import Response

Check = Callable[[Any, str], None]


class Refused(AssertionError):
    """The client would refuse this answer; the text leads to the member."""


def refuse(value: Any, where: str, wanted: str) -> None:
    raise Refused(f"{where}: {value!r} is not {wanted}")


def _plain(wanted: str, *kinds: type) -> Check:
    def check(value: Any, where: str) -> None:
        # Exactly: a boolean is no number, and 20.0 is no integer.
        if type(value) not in kinds:
            refuse(value, where, wanted)

    return check


TEXT = _plain("a text", str)
BOOLEAN = _plain("true or false", bool)
INTEGER = _plain("an integer", int)
NUMBER = _plain("a number", int, float)


def uuid(value: Any, where: str) -> None:
    if not isinstance(value, str) or len(value) != 36 or str(UUID(value)) != value.lower():
        refuse(value, where, "a UUID")


def address(value: Any, where: str) -> None:
    TEXT(value, where)
    ip_address(value)


def matching(pattern: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            refuse(value, where, pattern)

    return check


def one_of(*names: str) -> Check:
    def check(value: Any, where: str) -> None:
        if value not in names:
            refuse(value, where, f"one of {names}")

    return check


def listed(each: Check) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            refuse(value, where, "a list")
        for at, one in enumerate(value):
            each(one, f"{where}[{at}]")

    return check


def mapped(names: Check, each: Check) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            refuse(value, where, "an object")
        for name, one in value.items():
            names(name, where)
            each(one, f"{where}.{name}")

    return check


def maybe(check: Check) -> Check:
    """May be null."""

    def checked(value: Any, where: str) -> None:
        if value is not None:
            check(value, where)

    return checked


def thing(needed: Mapping[str, Check], also: Mapping[str, Check] | None = None) -> Check:
    """Make a check of an object; the members of `also` may be missing. Unknown members are ignored."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            refuse(value, where, "an object")
        for name, each in needed.items():
            if name not in value:
                raise Refused(f"{where}.{name} is missing")
            each(value[name], f"{where}.{name}")
        for name, each in (also or {}).items():
            if name in value:
                each(value[name], f"{where}.{name}")

    return check


EPOCH = maybe(INTEGER)
ROLE = one_of("ADMIN", "USER")
DAY = one_of("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
TIME = matching(r"[0-2][0-9]:[0-5][0-9]")
HOURS = {"start": TIME, "end": TIME, "timezone": TEXT, "days": listed(DAY)}
OPEN_HOURS = thing(HOURS, {"exceptions": listed(matching(r"\d{4}-\d\d-\d\d"))})
LOCATION = thing(
    {
        "latitude": NUMBER,
        "longitude": NUMBER,
        "enabled": BOOLEAN,
        "radius": INTEGER,
        "accuracy": INTEGER,
    }
)
SETTINGS = thing(
    {
        "unlockTime": NUMBER,
        "permittedAddresses": listed(TEXT),
        "defaultName": TEXT,
        "tiles": listed(uuid),
        "hidden": BOOLEAN,
    },
    {
        "usageRequirements": maybe(thing({}, {"time": listed(thing(HOURS)), "location": maybe(LOCATION)})),
        "unlockBetweenWindow": maybe(OPEN_HOURS),
        "delay": NUMBER,
        "directAccessEndpoints": listed(matching(r"https?://.+")),
        "capabilities": mapped(
            one_of("OPEN_HOURS", "BATCH_SHARING_25", "CONFIGURABLE_UNLOCK_DURATION"),
            one_of("SUPPORTED", "UNSUPPORTED"),
        ),
        "txBeaconRssi": INTEGER,
        "rxBeaconRssi": INTEGER,
        "proximityUnlock": BOOLEAN,
    },
)
STATE = thing({}, {"connected": maybe(BOOLEAN), "locked": BOOLEAN, "duration": INTEGER})
LOCK = thing(
    {
        "id": uuid,
        "name": TEXT,
        "role": ROLE,
        "favourite": BOOLEAN,
        "state": STATE,
        "settings": SETTINGS,
    },
    {"colour": maybe(TEXT), "start": EPOCH, "end": EPOCH, "lastOperation": EPOCH, "unlockTime": INTEGER},
)
_PERSON = {"userId": uuid, "email": TEXT, "orphan": BOOLEAN, "foreign": BOOLEAN}
_NAME = {"displayName": maybe(TEXT)}
LOCK_USER = thing({**_PERSON, "publicKey": TEXT, "role": ROLE}, {**_NAME, "start": EPOCH, "end": EPOCH})
USER_LOCKS = thing(
    {
        **_PERSON,
        "publicKey": TEXT,
        "devices": listed(thing({"deviceId": uuid, "role": ROLE}, {"start": EPOCH, "end": EPOCH})),
    },
    {**_NAME, "start": EPOCH, "end": EPOCH},
)
SITE_USER = thing(_PERSON, _NAME)
SITE = thing(
    {
        "id": uuid,
        "name": TEXT,
        "colour": TEXT,
        "longitude": NUMBER,
        "latitude": NUMBER,
        "radius": INTEGER,
        "created": INTEGER,
        "updated": INTEGER,
    },
    {"logoUrl": maybe(TEXT)},
)
EVENT = one_of(
    "DOOR_OPEN",
    "DOOR_CLOSE",
    "DOOR_UNLOCK",
    "DOOR_LOCK",
    "OWNER_ASSIGNED",
    "DEVICE_CONNECTED",
    "DEVICE_DISCONNECTED",
    "LOCK_SHARED",
    "LOCK_REVOKED",
    "USER_PROMOTED",
    "USER_DEMOTED",
    "SETTING_CHANGED",
    "TILE_ASSOCIATED",
    "TILE_DISASSOCIATED",
    "DEVICE_DECOMMISSIONED",
)
_PLATFORM = "JVM|ANDROID|APPLE|APPLE_MAC|APPLE_IOS|APPLE_WATCH|WINDOWS|JS|JS_BROWSER|JS_NODE"
AGENT = thing({"type": matching(f"KMP_SDK_({_PLATFORM})|FUSION|PKOC_CONNECTOR")}, {"version": maybe(TEXT)})
PARTY = thing({"userId": uuid}, {"email": maybe(TEXT), "displayName": maybe(TEXT), "ip": maybe(address)})
AUDIT_V1 = thing({"timestamp": NUMBER, "type": EVENT}, {"user": maybe(uuid), "message": TEXT})
AUDIT_V2 = thing(
    {"deviceId": uuid, "timestamp": NUMBER, "type": EVENT, "issuer": PARTY, "rejected": BOOLEAN},
    {"subject": maybe(PARTY), "rejectionReason": maybe(TEXT), "userAgent": maybe(AGENT), "user": maybe(uuid)},
)
FOUND = thing({"id": uuid, "publicKey": TEXT})
TOKENS = thing({"authToken": TEXT, "refreshToken": TEXT})
CHAIN = thing({"certificateChain": listed(TEXT), "userId": uuid})
ACCOUNT = thing({"publicKey": TEXT, "email": TEXT, "emailVerified": BOOLEAN}, _NAME)
PREFERENCES = thing({"primaryColour": TEXT, "secondaryColour": TEXT})
JWK = thing({"kty": one_of("RSA", "EC", "OKP"), "kid": TEXT, "use": TEXT})
APPLICATION = thing(
    {
        "applicationId": uuid,
        "name": TEXT,
        "emailPreferences": PREFERENCES,
        "authKeys": mapped(TEXT, JWK),
    },
    {"owners": listed(uuid), "corsDomains": listed(TEXT), "authDomains": listed(TEXT)},
)
OWNER = thing(
    {"userId": uuid, "email": TEXT, "orphan": BOOLEAN, "orphaned": BOOLEAN, "foreign": BOOLEAN}, _NAME
)
TILE = thing({"siteId": uuid, "tileId": uuid, "deviceIds": listed(uuid)})
TILE_SET = thing({"siteId": uuid, "devices": listed(uuid)})
ERROR = thing({"code": NUMBER}, {"message": maybe(TEXT)})
EMPTY = thing({})
ANY = thing({})

# Method, path without query, and for each version (0: whichever) what a success holds.
ANSWERS: tuple[tuple[str, str, dict[int, Check]], ...] = (
    ("POST", "/auth/(token|register|token/refresh)", {0: TOKENS}),
    ("POST", "/auth/certificate(/check)?", {0: CHAIN}),
    ("POST", "/auth/certificate/verify", {0: thing({"method": one_of("EMAIL", "TELEPHONE", "SMS")})}),
    ("GET", "/account", {0: ACCOUNT}),
    ("GET", "/platform/auth", {0: ANY}),
    ("GET", "/time", {0: thing({"now": INTEGER})}),
    ("GET", "/device(/favourite)?", {0: listed(LOCK)}),
    ("GET", "/device/shareable", {0: listed(thing({"id": uuid, "name": TEXT}))}),
    ("GET", "/device/[^/]+/users", {0: listed(LOCK_USER)}),
    ("GET", "/device/[^/]+/log", {1: listed(AUDIT_V1), 2: listed(AUDIT_V2)}),
    ("GET", "/user/[^/]+/log", {0: listed(AUDIT_V2)}),
    ("GET", "/user/[^/]+", {0: USER_LOCKS}),
    ("GET", "/device/[^/]+", {0: LOCK}),
    ("PUT", "/device/[^/]+", {0: EMPTY}),
    ("POST", "/device/([^/]+/)?execute", {0: EMPTY}),
    ("POST", "/share/invite/[^/]+", {0: FOUND}),
    ("POST", "/directory/query", {1: FOUND, 2: listed(FOUND)}),
    ("GET", "/site", {0: listed(SITE)}),
    ("GET", "/site/[^/]+/device", {0: listed(LOCK)}),
    ("GET", "/site/[^/]+/user", {0: listed(SITE_USER)}),
    ("GET", "/tile/[^/]+", {2: thing({"deviceId": uuid}), 3: TILE}),
    ("PUT", "/tile/[^/]+", {0: TILE_SET}),
    ("(PUT|DELETE)", "/device/[^/]+/tile/[^/]+", {0: EMPTY}),
    ("GET", "/platform/application", {0: listed(APPLICATION)}),
    ("GET", "/platform/application/[^/]+", {0: APPLICATION}),
    ("GET", "/platform/application/[^/]+/owner", {0: listed(OWNER)}),
)


def check_answer(method: str, path: str, accept: str, answer: Response) -> None:
    """Parse an answer as the client does. Raises: Refused."""
    where = f"{method} {path} {answer.status}"
    if 300 <= answer.status < 400:
        return
    if not answer.body:
        if answer.status not in {200, 202, 204}:
            raise Refused(f"{where}: an error without a body")
        return
    if answer.header("content-type") != "application/json":
        raise Refused(f"{where}: {answer.header('content-type')}")
    value = json.loads(answer.body)
    if answer.status >= 400:
        ERROR(value, where)
        return
    expected_of(method, path, accept)(value, where)


def is_listed(method: str, path: str) -> bool:
    """Say whether the table knows the call."""
    plain = path.split("?", maxsplit=1)[0].rstrip("/")
    return any(re.fullmatch(verb, method) and re.fullmatch(pattern, plain) for verb, pattern, _ in ANSWERS)


def expected_of(method: str, path: str, accept: str) -> Check:
    """Give what the client expects of a success. Raises: Refused for a call that is not in the table."""
    named = re.search(r"api-v(\d+)\+json", accept)
    version = int(named[1]) if named else 1
    plain = path.split("?", maxsplit=1)[0].rstrip("/") or "/"
    for verb, pattern, shapes in ANSWERS:
        if re.fullmatch(verb, method) and re.fullmatch(pattern, plain):
            return shapes.get(version) or shapes.get(0) or shapes[max(shapes)]
    raise Refused(f"{method} {plain} is not in the table of answers")
