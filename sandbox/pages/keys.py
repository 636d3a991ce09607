"""Keys as a person means them."""

ENTER = (
    "(event) => { if (event.key === 'Enter' && !event.isComposing && event.keyCode !== 229) emit(event.target.value); }"
)
"""Listens to keydown: Enter that ends a line, not the one that picks a word while Chinese is being composed."""
