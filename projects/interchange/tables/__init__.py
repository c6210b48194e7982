"""Tables of unknown origin: CSV and XLSX files as header and rows of text."""
