"""Documents to print: text in columns, with its font in the file."""
