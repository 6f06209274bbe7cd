"""events: the journal as it grows."""

import json as json_text
import time
from typing import Annotated, Any

import typer

from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import out

_POLL_SECONDS = 0.5


def events(
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what comes, until Ctrl-C.")] = False,
    after: Annotated[int, typer.Option(help="Only rows after this position.")] = 0,
    person: Annotated[str | None, typer.Option()] = None,
    door: Annotated[str | None, typer.Option()] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Print the journal's rows, oldest first; with --json one object a line."""
    with connect(data) as api:
        query = {
            "person": None if person is None else api.person(person)["id"],
            "door": None if door is None else api.door(door)["id"],
            "limit": 500,
        }
        while True:
            rows = api.get("/journal", after=after, **query)["items"]
            for row in rows:
                _print(row, as_json=json)
            after = rows[-1]["position"] if rows else after
            if not rows and not follow:
                return
            if not rows:
                out.file.flush()
                time.sleep(_POLL_SECONDS)


def _print(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json_text.dumps(row, ensure_ascii=False))
        return
    who, where = row["person"] or "-", row["door"] or "-"
    line = f"{row['position']:>8}  {row['at']}  {row['action']:<28} {row['outcome']:<8} {row['via']:<9}"
    out.print(f"{line} person {who} door {where}", markup=False)
