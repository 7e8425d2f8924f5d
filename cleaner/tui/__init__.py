"""The review: its state, which knows no screen, and the screens over it."""
