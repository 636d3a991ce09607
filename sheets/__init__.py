"""The ledger's door: alone knows gspread and workbook files."""
