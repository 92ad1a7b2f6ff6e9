"""What several test folders need; imported by name from the root of the repository."""
