"""From glyphs on pages to blocks: reading order, lines, tables, page furniture."""
