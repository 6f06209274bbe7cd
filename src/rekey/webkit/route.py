"""The table of routes: one row per operation, from which routing and documents are made."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from falcon.routing import CompiledRouter

from rekey.webkit.message import Reply, Request

Handler = Callable[[Request], Awaitable[Reply]]

_LITERAL = re.compile(r"[A-Za-z0-9_~!$&'()*+,=:@.-]+")
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_METHOD = re.compile(r"[A-Z]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One row: what is called, what answers, and what documents need to know of it.

    `path` has literal segments and whole-segment parameters: `/device/{lock_id}/execute`.
    `operation` names the operation of the core that it ends in, `auth` is the dialect's own
    word for who may call, `accepts` and `returns` are the wire types, `errors` the dialect's
    error names.
    """

    methods: tuple[str, ...]
    path: str
    handler: Handler
    name: str
    operation: str
    auth: str = ""
    accepts: type | None = None
    returns: type | None = None
    status: int = 200
    errors: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route, and how the router's positional parameters are called in it."""

    route: Route
    names: tuple[tuple[str, str], ...]


class Point:
    """All endpoints of one path, by method."""

    __slots__ = ("by_method",)

    def __init__(self) -> None:
        self.by_method: dict[str, Endpoint] = {}

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(sorted(self.by_method))


class RouteTable:
    """Finds the point of a path; a literal segment beats a parameter.

    Paths without parameters are one dictionary access; the others go through Falcon's
    compiled router, whose cost does not grow with the table as a linear scan does.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._literal: dict[str, Point] = {}
        self._router = CompiledRouter()
        points: dict[str, Point] = {}
        names: set[str] = set()
        for route in self.routes:
            if route.name in names:
                raise ValueError(f"two routes are named {route.name!r}")
            names.add(route.name)
            shape, fields = _shape(route.path)
            if shape not in points:
                points[shape] = self._new_point(shape, literal=not fields)
            _place(points[shape], Endpoint(route, fields))

    def _new_point(self, shape: str, *, literal: bool) -> Point:
        point = Point()
        if literal:
            self._literal[shape] = point
        self._router.add_route(shape, point)
        return point

    def find(self, path: str) -> tuple[Point, Mapping[str, str]] | None:
        """Give the point and the values of its parameters, None if there is no such path."""
        point = self._literal.get(path)
        if point is not None:
            return point, {}
        if path.endswith("/") or not path.startswith("/") or "//" in path:
            return None
        found = self._router.find(path)
        if found is None or not isinstance(found[0], Point):
            return None
        return found[0], found[2]


def _shape(path: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Rename the parameters by position, so that routes may name them differently.

    Gives: the path for the router, and pairs (name in the route, name in the router).
    """
    if not path.startswith("/"):
        raise ValueError(f"a route starts with a slash: {path!r}")
    segments: list[str] = []
    names: list[tuple[str, str]] = []
    for position, segment in enumerate(path[1:].split("/")):
        field = _FIELD.fullmatch(segment)
        if field is not None:
            names.append((field[1], f"p{position}"))
            segments.append(f"{{p{position}}}")
        elif _LITERAL.fullmatch(segment) is not None or path == "/":
            segments.append(segment)
        else:
            raise ValueError(f"a segment is a literal or one parameter: {path!r}")
    if len({name for name, _ in names}) != len(names):
        raise ValueError(f"a parameter stands twice: {path!r}")
    return "/" + "/".join(segments), tuple(names)


def _place(point: Point, endpoint: Endpoint) -> None:
    for method in endpoint.route.methods:
        if _METHOD.fullmatch(method) is None:
            raise ValueError(f"not a method: {method!r}")
        if method in point.by_method:
            raise ValueError(f"{method} {endpoint.route.path} stands twice")
        point.by_method[method] = endpoint
