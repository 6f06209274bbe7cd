"""The table of every route in the dialect's page: what is served stands there, and what clients know too."""

import re

from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.routes import make_rows
from rekey.dialects.seam.rows import Row
from rekey.webkit.settings import DialectSettings
from tests.acceptance.test_seam_methods import routes_of_client
from tests.architecture.tree import ROOT
from tests.dialects.in_world import Api
from tests.dialects.seam.api import seam_test

_LINE = re.compile(r"\| `(/[a-z_/]+)` \|")


def table() -> dict[str, str]:
    """Give the lines of the table by their routes."""
    page = (ROOT / "docs" / "dialects" / "seam.md").read_text()
    lines = page.partition("## Every route")[2].splitlines()
    return {found[1]: line for line in lines if (found := _LINE.match(line))}


def line_of(row: Row) -> str:
    verbs = ", ".join(row.methods)
    done = "empty list, or 400 `not_supported`" if row.hidden else f"`{row.operation}`"
    return f"| `{row.path}` | {verbs} | {done} |"


def rows_of(api: Api) -> tuple[Row, ...]:
    settings = DialectSettings(data=api.world.server.settings.data, sandbox=True)
    return make_rows(Kit(api.world.services, settings))


@seam_test
async def test_the_table_is_what_is_served_route_by_route(api: Api) -> None:
    served = {row.path: line_of(row) for row in rows_of(api)}
    assert table() == served


def test_the_table_has_every_route_of_the_vendors_client() -> None:
    assert routes_of_client() - set(table()) == set()
