"""The tests of Rekey; a package, so that helpers import as `tests.support`."""
