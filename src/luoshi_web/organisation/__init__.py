"""Units, posts, persons, accounts, roles and what each may do."""
