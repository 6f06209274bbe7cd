"""The part of the table about applications, tiles, the directory and the gateway."""

from rekey.dialects.doordeck import platform_wire as wire
from rekey.dialects.doordeck.application_trust import ApplicationTrust
from rekey.dialects.doordeck.applications import Applications
from rekey.dialects.doordeck.directory import Directory
from rekey.dialects.doordeck.events import Events
from rekey.dialects.doordeck.gateway import Gateway
from rekey.dialects.doordeck.kit import OWN, PAGE, PUBLIC, Kit
from rekey.dialects.doordeck.logos import FOLDER, Logos
from rekey.dialects.doordeck.old_clients import register_lock
from rekey.dialects.doordeck.row import Row
from rekey.dialects.doordeck.sessions import Sessions
from rekey.dialects.doordeck.tiles import Tiles

_PLATFORM = "/platform/application"
_ONE = "/platform/application/{application}"


def platform_rows(kit: Kit, sessions: Sessions) -> tuple[Row, ...]:
    """Make the rows."""
    applications = Applications(kit)
    trust = ApplicationTrust(kit, applications)
    return (
        *_applications(applications),
        *_trust(trust),
        *_logos(Logos(kit, applications)),
        *_directory(Directory(kit)),
        *_tiles(Tiles(kit)),
        *_gateway(Gateway(kit, sessions)),
        Row("GET", "/device/events", "read", Events(kit).stream),
        Row("POST", "/device", "read", register_lock),
    )


def _logos(logos: Logos) -> tuple[Row, ...]:
    """The second place of a picture is where a host that stands for the CDN is asked for it."""
    picture = "/application/{file}"
    upload = FOLDER + picture
    return (
        Row("POST", f"{_ONE}/logo", "read", logos.offer, OWN, wire.LogoRequest),
        Row("PUT", upload, "keep_picture", logos.upload, PUBLIC),
        Row("GET", upload, "read", logos.show, PUBLIC),
        Row("PUT", picture, "keep_picture", logos.upload, PUBLIC),
        Row("GET", picture, "read", logos.show, PUBLIC),
    )


def _tiles(tiles: Tiles) -> tuple[Row, ...]:
    at_lock = "/device/{lock}/tile/{tile}"
    return (
        Row("GET", "/tile/{tile}", "read", tiles.get, PAGE),
        Row("GET", "/link/{tile}", "read", tiles.page, PUBLIC),
        Row("PUT", "/tile/{tile}", "set_tile", tiles.set, accepts=wire.TileDoors),
        Row("PUT", at_lock, "tile_at_door", tiles.hang, status=202),
        Row("DELETE", at_lock, "tile_at_door", tiles.take, status=202),
    )


def _gateway(gateway: Gateway) -> tuple[Row, ...]:
    """Starting and stopping are GET, as the vendor's client asks for them."""
    state = "/api/controller/state/{lock}"
    return (
        Row("POST", "/api/auth/token", "open_session", gateway.sign_in, PUBLIC, wire.GatewayLogin),
        Row("GET", "/api/configuration/type", "read", gateway.get_type, OWN),
        Row("POST", "/api/configuration", "read", gateway.discover, OWN, wire.GatewayDiscovery),
        Row("POST", "/api/configuration/enable", "add_door", gateway.enable, OWN, wire.GatewayDoor),
        Row("DELETE", "/api/configuration/{lock}", "retire_door", gateway.delete, OWN, status=204),
        Row("GET", state, "read", gateway.get_state, OWN),
        Row("GET", f"{state}/start", "switch_door", gateway.start, OWN, status=204),
        Row("GET", f"{state}/stop", "switch_door", gateway.stop, OWN, status=204),
    )


def _directory(directory: Directory) -> tuple[Row, ...]:
    return (
        Row("POST", "/share/invite/{email}", "invite_person", directory.invite, OWN),
        Row("POST", "/directory/query", "read", directory.query),
    )


def _applications(applications: Applications) -> tuple[Row, ...]:
    new, edit = wire.NewApplication, wire.ApplicationFields
    return (
        Row("POST", _PLATFORM, "add_application", applications.add, OWN, new, 204),
        Row("GET", _PLATFORM, "read", applications.list, OWN),
        Row("GET", _ONE, "read", applications.get, OWN),
        Row("POST", _ONE, "edit_application", applications.edit, OWN, edit, 204),
        Row("DELETE", _ONE, "end_application", applications.end, OWN, status=204),
        Row("GET", f"{_ONE}/user", "read", applications.list_users, OWN),
    )


def _trust(trust: ApplicationTrust) -> tuple[Row, ...]:
    """Old clients leave `auth/` out."""
    rows = [Row("GET", f"{_ONE}/owner", "read", trust.list_owners, OWN)]
    for verb, path, operation, handler, body in (
        ("POST", "auth/key", "add_application_key", trust.add_key, wire.JsonWebKey),
        ("POST", "key", "add_application_key", trust.add_key, wire.JsonWebKey),
        ("POST", "auth/issuer", "add_application_url", trust.add_issuer, wire.UrlBody),
        ("POST", "issuer", "add_application_url", trust.add_issuer, wire.UrlBody),
        ("DELETE", "auth/issuer", "end_application_url", trust.end_issuer, wire.UrlBody),
        ("DELETE", "issuer", "end_application_url", trust.end_issuer, wire.UrlBody),
        ("POST", "cors", "add_application_url", trust.add_origin, wire.UrlBody),
        ("DELETE", "cors", "end_application_url", trust.end_origin, wire.UrlBody),
        ("POST", "owner", "add_application_owner", trust.add_owner, wire.OwnerBody),
        ("DELETE", "owner", "end_application_owner", trust.end_owner, wire.OwnerBody),
    ):
        rows.append(Row(verb, f"{_ONE}/{path}", operation, handler, OWN, body, 204))
    return tuple(rows)
