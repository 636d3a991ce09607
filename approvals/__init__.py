"""Who may sign, and when: pure."""
