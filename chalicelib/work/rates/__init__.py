"""Rate cards: what an hour or a unit is charged at, by day and currency."""
