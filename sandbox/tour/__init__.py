"""The story of the demo, played through the real protocols; each step says what was checked."""
