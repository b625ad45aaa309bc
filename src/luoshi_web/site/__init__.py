"""The address book: all routes, home, health, errors."""
