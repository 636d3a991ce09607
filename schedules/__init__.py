"""Time comes in: the list of jobs and what wakes them."""
