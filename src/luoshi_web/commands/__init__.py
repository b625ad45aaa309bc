"""The verbs that join the command: serve, demo, init, backup, restore, audit, doctor."""
