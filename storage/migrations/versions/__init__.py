"""One file per step; the first line of each says what it brings."""
