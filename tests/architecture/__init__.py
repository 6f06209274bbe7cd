"""The rules of the house, as tests: one file for each rule."""
