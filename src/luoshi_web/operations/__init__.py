"""Keeping an installation alive: backup, restore, the examination of an installation."""
