"""The command line: one file per group of commands."""

from rekey.cli.main import main

__all__ = ["main"]
