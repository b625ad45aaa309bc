"""The operations, room by room."""
