"""A Sheets- and Drive-compatible server over cells in memory."""
