"""Time expressions: arithmetic, atoms of the calendar, and the rules that give them their kind."""
