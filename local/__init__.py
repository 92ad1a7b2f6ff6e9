"""Stands in for the outside world on one machine; never deployed."""
