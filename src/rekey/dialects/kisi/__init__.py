"""The Kisi wire API: role assignments, users, groups, places and locks over Rekey's core."""
