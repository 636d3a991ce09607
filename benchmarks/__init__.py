"""The figures the README quotes, each against its floor or peer in the same run, as a ratio."""
