"""What a caller proves of how it asks for a door, and how a refusal for want of proof is told.

Source: contract 1.3 (codes) and 5.2 (the body of an unlock). Nobody can check a `proximity_proof` here, since no
reader of ours makes one, and no login is known to be on a managed device: what can't be proved is not proved.
"""

from dataclasses import dataclass

from rekey.dialects.kisi.attributes import Attributes, body_tree
from rekey.dialects.kisi.kit import caller_of
from rekey.domain.circumstances import Circumstances, Location
from rekey.domain.decision import DenyReason
from rekey.webkit.message import Request

_SERVICES = ("BLE", "GPS", "NFC")
_BLUETOOTH_OFF = ("bb4bff", "Bluetooth is off")
_BLUETOOTH_UNAUTHORIZED = ("bb4fff", "The app may not use Bluetooth")
_LOCATION_OFF = ("a3793f", "The location services of the phone are off")
_LOCATION_UNAUTHORIZED = ("a7793f", "The app may not use the location")


@dataclass(frozen=True, slots=True)
class Service:
    """What the client says of one of the phone's services; a member that is missing is taken as true."""

    works: bool
    authorized: bool


@dataclass(frozen=True, slots=True)
class Proofs:
    """What the body of an unlock says; all of it may be missing."""

    location: Location | None
    services: dict[str, Service]


def proofs_of(request: Request) -> Proofs:
    """Read the body of an unlock; none at all is valid. Raises: BodyRefused, Unprocessable."""
    body = Attributes(body_tree(request))
    context, lock = body.tree("context") or {}, Attributes(body.tree("lock") or {})
    inner = Attributes(context)
    lock.text("proximity_proof")
    where, services = inner.tree("location") or {}, _services(inner)
    place = Attributes(where)
    latitude, longitude = place.decimal("latitude"), place.decimal("longitude")
    for each in (body, inner, lock, place):
        each.check()
    return Proofs(_location(latitude, longitude), services)


def circumstances_of(request: Request, proofs: Proofs) -> Circumstances:
    """Give what is known of the call: its address, its login, and where the client says that it is."""
    return Circumstances(
        address=request.client,
        location=proofs.location,
        primary_login=caller_of(request).key.is_primary,
    )


def say_why_unproved(reason: DenyReason, proofs: Proofs) -> tuple[str, str] | None:
    """Name by code and text the phone's own trouble behind a refusal; None where there is none."""
    if reason is DenyReason.PROXIMITY_NOT_PROVED:
        return _trouble(proofs.services.get("BLE"), _BLUETOOTH_OFF, _BLUETOOTH_UNAUTHORIZED)
    if reason is DenyReason.LOCATION_NOT_PROVED:
        return _trouble(proofs.services.get("GPS"), _LOCATION_OFF, _LOCATION_UNAUTHORIZED)
    return None


def _trouble(
    service: Service | None, off: tuple[str, str], forbidden: tuple[str, str]
) -> tuple[str, str] | None:
    if service is None or (service.works and service.authorized):
        return None
    return off if not service.works else forbidden


def _location(latitude: float | None, longitude: float | None) -> Location | None:
    """Give the point; half of one and one off the globe prove nothing."""
    if latitude is None or longitude is None:
        return None
    try:
        return Location(latitude, longitude)
    except ValueError:
        return None


def _services(context: Attributes) -> dict[str, Service]:
    found: dict[str, Service] = {}
    for line in context.trees("services"):
        said = Attributes(line)
        name = said.text("type")
        available, enabled, authorized = said.flag("available"), said.flag("enabled"), said.flag("authorized")
        said.check()
        if name in _SERVICES:
            found[str(name)] = Service(
                available is not False and enabled is not False, authorized is not False
            )
    return found
