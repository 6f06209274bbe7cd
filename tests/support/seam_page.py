"""Write the table of events in the page of the Seam dialect anew: `python -m tests.support.seam_page`."""

from pathlib import Path

from rekey.dialects.seam.event_catalogue import table

PAGE = Path(__file__).parents[2] / "docs" / "dialects" / "seam.md"
_HEAD = "| Type | Told by |\n|---|---|\n"


def main() -> None:
    before, _, rest = PAGE.read_text().partition(_HEAD)
    _old, gap, after = rest.partition("\n\n")
    PAGE.write_text(before + _HEAD + "\n".join(table()) + gap + after)


if __name__ == "__main__":
    main()
