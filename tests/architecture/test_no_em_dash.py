"""Sentences end, or take a comma; a dash between them hides which."""

from tests.architecture.tree import ROOT, place, project_files

EM_DASH = "\u2014"


def test_no_em_dash_stands_in_the_source_or_in_a_page() -> None:
    ours = [path for path in project_files() if path.is_relative_to(ROOT / "src") or path.suffix == ".md"]
    assert [place(path) for path in ours if EM_DASH in path.read_text(errors="replace")] == []
