"""revoke, and the receipt that it leaves."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from rekey.cli.api import Api, connect
from rekey.cli.errors import DoorRefuted, NotConfirmed, Unclear
from rekey.cli.leftovers import print_leftovers
from rekey.cli.options import DEFAULT_DATA, Data, Json, Reason
from rekey.cli.output import out, print_json, print_rows
from rekey.cli.public_key import PublicKey, read_public_key

receipts = typer.Typer(help="What every door has proved of a revocation.", no_args_is_help=True)
_COLUMNS = ("name", "status", "effective_at", "effective_by", "witness", "detail")


def revoke(  # noqa: PLR0913  # a command's options are its parameters
    person: str,
    *,
    door: Annotated[str | None, typer.Option(help="At this door.")] = None,
    site: Annotated[str | None, typer.Option(help="At every door of this site.")] = None,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="For good: keys and sessions end too.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would happen and change nothing.")] = False,
    cascade: Annotated[
        bool, typer.Option("--cascade", help="Also end what the person gave to others.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until every door has confirmed.")] = False,
    seconds: Annotated[float, typer.Option(help="How long to wait at most.")] = 60.0,
    reason: Reason = "",
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """End a person's access at a door, a site or everywhere, at once and in every API.

    Exit 0: every door has confirmed. 3: some have not yet. 4: a door still holds what it said it deleted.
    """
    if (door is not None) + (site is not None) + everywhere != 1:
        raise Unclear("name exactly one of --door, --site, --everywhere")
    with connect(data) as api:
        revoked = api.post(
            f"/people/{api.person(person)['id']}/revoke",
            door=None if door is None else api.door(door)["id"],
            site=None if site is None else api.site(site)["id"],
            everywhere=everywhere,
            plan=plan,
            cascade=cascade,
            reason=reason,
        )
        if not plan:
            revoked["receipt"] = _follow(api, revoked["revocation"]["id"], seconds if wait else 0.0)
    _show(revoked, as_json=json)
    if not plan:
        raise_for(revoked["receipt"])


@receipts.command("show")
def show_receipt(
    revocation: str,
    *,
    export: Annotated[
        Path | None, typer.Option(help="Also write it with its proof, for checking offline.")
    ] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Show the receipt of a revocation as it stands; exit codes as of revoke."""
    with connect(data) as api:
        receipt = api.get(f"/revocations/{revocation}/receipt")
        if export is not None:
            export.write_text(api.text(f"/revocations/{revocation}/receipt/export"))
    if json:
        print_json(receipt)
    else:
        print_rows(receipt["doors"], _COLUMNS, as_json=False)
    raise_for(receipt)


@receipts.command("verify")
def verify_receipt(
    file: Path, *, public_key: PublicKey = None, data: Data = DEFAULT_DATA, json: Json = False
) -> None:
    """Check an exported receipt offline: that its revocation stands in the signed journal."""
    from rekey.app.verify_receipt import verify_receipt as verify  # noqa: PLC0415  # spares the other commands

    checked = verify(file.read_text(), read_public_key(public_key, data))
    if json:
        print_json(checked)
    else:
        out.print(f"The revocation stands in the journal at position {checked['position']}.")


def raise_for(receipt: dict[str, Any]) -> None:
    """End with the exit code that tells how far a revocation has come. Raises: DoorRefuted, NotConfirmed."""
    if receipt["refuted"]:
        raise DoorRefuted("a door still holds the person although it said that it deleted the entry")
    if not receipt["complete"]:
        waiting = [line["name"] for line in receipt["doors"] if line["status"] != "confirmed"]
        raise NotConfirmed(f"not confirmed yet by: {', '.join(waiting)}")


def _follow(api: Api, revocation: str, seconds: float) -> dict[str, Any]:
    """Give the doors a moment, or with `seconds` as long as that, and the receipt as it stands then."""
    end = time.monotonic() + seconds
    while True:
        api.let_doors_work()
        receipt: dict[str, Any] = api.get(f"/revocations/{revocation}/receipt")
        if receipt["complete"] or time.monotonic() >= end:
            return receipt


def _show(revoked: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(revoked)
        return
    word = "Would be revoked" if revoked["planned"] else f"Revoked ({revoked['revocation']['id']})"
    ended, given = len(revoked["ended_grants"]), len(revoked["given_to_others"])
    out.print(f"{word}: {ended} grants end; {given} were given to others by this person.", markup=False)
    print_rows(revoked["receipt"]["doors"], _COLUMNS, as_json=False)
    print_leftovers(revoked.get("leftovers", {}))
