"""Every route of every dialect, from the tables that the server itself routes by, and a request for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from rekey.app.dialects import build_dialects
from rekey.dialects.seam.kit import Kit as SeamKit
from rekey.dialects.seam.parameters import Kind, Param
from rekey.dialects.seam.routes import make_rows
from rekey.webkit.app import DialectApp
from rekey.webkit.route import Route
from rekey.webkit.settings import DialectSettings
from tests.attacks.estate import Ids
from tests.attacks.kisi_samples import KISI_BODY, KISI_KIND
from tests.attacks.samples import (
    BODY_BY_TYPE,
    PATH_KIND,
    SCIM_BODY,
    SCIM_KIND,
    SCIM_NAMES,
    SEAM_KIND,
)
from tests.support.world import World

PUBLIC = {"public", "none"}


@dataclass(frozen=True, kw_only=True)
class Target:
    """One route of one dialect under one method."""

    dialect: str
    method: str
    route: Route
    takes: tuple[Param, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.dialect} {self.method} {self.route.path}"

    @property
    def is_public(self) -> bool:
        return self.route.auth in PUBLIC

    @property
    def reads(self) -> bool:
        # One vendor's client starts and stops a controller by GET.
        acts = self.route.operation == "switch_door"
        return not acts and (self.route.operation in {"read", ""} or self.method == "GET")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A request that is well formed; `body` None means that the route reads none."""

    path: str
    body: dict[str, Any] | None


def targets_of(world: World, *dialects: str) -> tuple[Target, ...]:
    """Walk the tables of these dialects, all by default."""
    settings = DialectSettings(data=world.server.settings.data, sandbox=True)
    apps = build_dialects(world.services, settings)
    takes = {row.path: row.takes for row in make_rows(SeamKit(world.services, settings))}
    found: list[Target] = []
    for name, app in apps.items():
        if not isinstance(app, DialectApp):
            raise TypeError(f"{name} has no table of routes")
        for route in app.routes if not dialects or name in dialects else ():
            declared = takes.get(route.path, ()) if name == "seam" else ()
            found += [
                Target(dialect=name, method=method, route=route, takes=declared) for method in route.methods
            ]
    return tuple(found)


def samples(target: Target, ids: Ids) -> Iterable[Sample]:
    """Make requests that name these things, at least one."""
    if target.dialect == "seam":
        return _seam(target, ids)
    path = _path(target, ids)
    return (Sample(path=path, body=_body(target, ids)),)


def _path(target: Target, ids: Ids) -> str:
    path = target.route.path
    kinds: dict[str, Callable[[Ids], str]] = dict(PATH_KIND)
    if target.dialect == "kisi" and "{id}" in path:
        kind = KISI_KIND[path.split("/")[1]]
        kinds["id"] = lambda names: kind if kind.islower() and kind not in names else str(names[kind].number)
    if target.dialect == "scim":
        for name, shared in SCIM_NAMES.items():
            path = path.replace(f"{{{name}}}", shared)
        kind = SCIM_KIND.get(path.split("/")[1], "person")
        kinds["id"] = lambda names: names[kind].id
    for name, value in kinds.items():
        path = path.replace(f"{{{name}}}", value(ids))
    return path


def _body(target: Target, ids: Ids) -> dict[str, Any] | None:
    if target.route.accepts is not None:
        return BODY_BY_TYPE[target.route.accepts.__name__](ids)
    if target.dialect == "scim":
        sample = SCIM_BODY.get((target.method, target.route.path))
        return None if sample is None else sample(ids)
    if target.dialect == "kisi":
        made = KISI_BODY.get((target.method.replace("PUT", "PATCH"), target.route.path))
        return None if made is None else made(ids)
    return None


def _seam(target: Target, ids: Ids) -> Iterable[Sample]:
    """Send what is required, then with each further id in turn."""
    required = {param.name: _seam_value(param, ids) for param in target.takes if param.required}
    if target.route.path.endswith("/update"):
        # An update of nothing is nobody's business; one that names something is.
        required["full_name"] = "Renamed"
    variants = [required]
    variants += [
        {**required, param.name: _seam_value(param, ids)}
        for param in target.takes
        if not param.required and param.name in SEAM_KIND
    ]
    for sent in variants:
        if target.method == "GET":
            query = urlencode({**sent, "_strict": "true"}, doseq=True)
            yield Sample(path=f"{target.route.path}?{query}", body=None)
        else:
            yield Sample(path=target.route.path, body=dict(sent))


_SEAM_PLAIN: dict[Kind, Any] = {
    Kind.TEXT: "Ada",
    Kind.BOOLEAN: True,
    Kind.NUMBER: 5,
    Kind.TIME: "2199-01-01T00:00:00Z",
    Kind.TEXTS: ["Ada"],
    Kind.OBJECT: {},
    Kind.OBJECTS: [],
}


def _seam_value(param: Param, ids: Ids) -> Any:
    kind = SEAM_KIND.get(param.name)
    if kind is None:
        return _SEAM_PLAIN.get(param.kind, ids["person"].id)
    value = ids[kind].id
    return [value] if param.kind is Kind.TEXTS else value
