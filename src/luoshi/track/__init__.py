"""track: pure rules of who does what until when: proposals of units, deadlines, ledgers."""
