"""Staff: who does the work, found by name, e-mail or an id of another system."""
