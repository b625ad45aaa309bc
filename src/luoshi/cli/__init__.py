"""The command `luoshi`: one file per verb."""
