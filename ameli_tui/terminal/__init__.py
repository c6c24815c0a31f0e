"""The terminal: safe text, clipboard, repainting, QR codes, fixes of Textual."""
