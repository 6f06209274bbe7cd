"""One protocol per aggregate. A missing thing is None; lists come in the order of their numbers.

`end` keeps the row for questions about the past: from the act's position on it no longer counts.
"""
