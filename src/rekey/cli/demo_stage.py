"""The stage of the demo: a new server, the story told on it, and the invitation to go on."""

import asyncio
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from rich.table import Table

from rekey.app.bootstrap import Server, open_server
from rekey.app.dialects import PREFIXES
from rekey.app.founding import FirstOrganization, found_first
from rekey.app.running import written_down
from rekey.app.serve import listen, loop_factory, serving
from rekey.app.settings import Settings
from rekey.cli.demo_people import StoryFailed
from rekey.cli.demo_story import Story
from rekey.cli.errors import Refused
from rekey.cli.output import out, print_json

_SECONDS = 15.0
Made = dict[str, dict[str, str]]
Told = list[dict[str, str]]


def run_demo(port: int, *, once: bool, as_json: bool) -> None:
    """Play the story on a store that is deleted at the end. Raises: Refused when a step went wrong."""
    with tempfile.TemporaryDirectory(prefix="rekey-demo-") as directory:
        settings = Settings(data=Path(directory) / "data", port=port, log_level="error")
        with asyncio.Runner(loop_factory=loop_factory(settings.loop)) as runner:
            runner.run(_demo(settings, once=once, as_json=as_json))


async def _demo(settings: Settings, *, once: bool, as_json: bool) -> None:
    with closing(listen(settings.host, settings.port)) as listener:
        server = await open_server(settings, new=True, empty=True)
        try:
            made = await found_first(server, FirstOrganization(owner_name="Olga Owner"))
            server.worker.start()
            server.deliveries.start()
            server.postman.start()
            async with serving(server.app, listener) as (address, ended):
                with written_down(settings.data, address):
                    await _play(server, made, address, as_json=as_json)
                    if not once:
                        _invite(made, address, settings.data)
                        await ended
        finally:
            await server.close()


async def _play(server: Server, made: Made, address: str, *, as_json: bool) -> None:
    """Tell the story as it happens. Raises: Refused when a step did not do what it should."""
    told: Told = []
    _require_apis(server)
    async with httpx.AsyncClient(base_url=address, timeout=_SECONDS, trust_env=False) as http:
        story = Story(http, made)
        if not as_json:
            out.print(f"\n[bold]Rekey[/bold] serves at {address}, on a new store with one organization.\n")
        try:
            async for api, what in story.play():
                told.append({"through": api, "what": what})
                if not as_json:
                    out.print(f"{len(told):>3}. [cyan]{api:<9}[/cyan] {what}")
        except StoryFailed as failed:
            raise Refused(f"the story broke off after step {len(told)}: {failed}") from failed
    if as_json:
        print_json({"steps": told, "receipt": story.receipt})
    else:
        _show_receipt(story.receipt)


def _require_apis(server: Server) -> None:
    mounted = server.dialects
    missing = [name for name in ("native", "doordeck", "seam", "kisi") if name not in mounted]
    if missing:
        raise Refused(f"the story needs these APIs, which are not installed: {', '.join(missing)}")


def _show_receipt(receipt: dict[str, Any]) -> None:
    revocation = receipt["revocation"]
    out.print(f"\n[bold]Receipt[/bold] of revocation {revocation['id']}, revoked at {revocation['at']}")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("door", "status", "effective at", "witness"):
        table.add_column(column)
    for line in receipt["doors"]:
        table.add_row(line["name"], line["status"], line["effective_at"] or "-", line["witness"] or "-")
    out.print(table)
    out.print("Complete: every door has proved it." if receipt["complete"] else "Not complete yet.")


def _invite(made: Made, address: str, data: Path) -> None:
    owner, keys = made["owner"], made["keys"]
    out.print("\nIt keeps serving until Ctrl-C, then the demo's store is deleted. Its APIs:")
    for name in ("doordeck", "seam", "kisi", "native"):
        out.print(f"  {name:<9} {address}{PREFIXES[name]}", markup=False)
    out.print(f"Owner (Doordeck, Kisi): {owner['email']}, password {owner['password']}", markup=False)
    out.print(f"Seam key: {keys['seam']}   Kisi key: {keys['kisi']}", markup=False)
    out.print(f"Native key: {keys['rekey']}", markup=False)
    out.print(f"In another terminal: rekey events --follow --data {data}", markup=False)
    out.print("There is no web console in this version yet.")
