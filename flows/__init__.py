"""One file per thing the desk does: the steps in order, no rules and no SQL."""
