"""The stores' door: alone knows SQL."""
