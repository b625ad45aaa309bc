"""Records to what people read: the one-file HTML report, the workbook, the Word task book, terminal tables."""
