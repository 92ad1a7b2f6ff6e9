"""Names as they are compared, worked out once for each of the few that a file has."""

from functools import lru_cache

from chalicelib.work.names import name_key

key_of = lru_cache(maxsize=20_000)(name_key)
