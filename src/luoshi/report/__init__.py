"""Records to what people read: the one-file HTML report, workbook, Word task book, terminal tables."""
