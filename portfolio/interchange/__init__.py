"""Tables of projects: CSV and XLSX files, the meaning of their columns, their cells."""
