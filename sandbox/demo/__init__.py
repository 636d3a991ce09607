"""A ledger that the sandbox makes itself: seeded, dated relative to a day."""
