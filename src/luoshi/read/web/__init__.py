"""Web pages: tokens and tree with the place of every character, main text, metadata."""
