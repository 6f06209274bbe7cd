"""HTTP helpers without opinion: what every dialect needs, in the words of none."""
