"""Named things in a sentence: one module a kind, each a function from a string to spans."""
