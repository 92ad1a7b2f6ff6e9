"""The whole journey without a person, through the doors that a person and a program use."""
