"""Words and blocks: alone knows Jinja2."""
