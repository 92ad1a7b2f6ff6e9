"""Materials and expenses: what work used up or cost, billed beside time."""
