"""Takes one guard away at a time, and expects the tests that stand behind it to notice."""
