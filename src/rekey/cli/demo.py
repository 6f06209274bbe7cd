"""demo: the main story in the terminal, on a server of its own that then keeps serving."""

from typing import Annotated

import typer

from rekey.cli.options import Json


def demo(
    *,
    port: Annotated[int, typer.Option(help="0 takes any free one.")] = 0,
    once: Annotated[bool, typer.Option("--once", help="End after the story.")] = False,
    json: Json = False,
) -> None:
    """Play the main story on a new server: grant, open, revoke, refused everywhere, receipt. Then keep serving."""
    from rekey.cli.demo_stage import run_demo  # noqa: PLC0415  # slow: other commands spare it

    run_demo(port, once=once, as_json=json)
