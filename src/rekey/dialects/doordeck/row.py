"""One line of the table of the Doordeck API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rekey.dialects.doordeck.kit import BEARER
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: verb, path, operation, handler, who may call, what its body is."""

    verb: str
    path: str
    operation: str
    handler: Handler
    auth: str = BEARER
    accepts: type | None = None
    status: int = 200

    def route(self) -> Route:
        return Route(
            methods=(self.verb,),
            path=self.path,
            handler=self.handler,
            name=f"{self.verb} {self.path}",
            operation=self.operation,
            auth=self.auth,
            accepts=self.accepts,
            status=self.status,
            summary=(self.handler.__doc__ or self.operation.replace("_", " ")).strip().splitlines()[0],
        )
