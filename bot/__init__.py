"""The roof: starts the process and wires it; nobody imports it."""
