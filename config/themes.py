"""The names of the colours that can be set: our own, and those that Textual brings along."""

CHOICES = ("auto", "dark", "light")
"""Chosen after the terminal's own background."""
OURS = ("ameli-dark", "ameli-light")
SIXTEEN = ("ansi-dark", "ansi-light")
"""For terminals with sixteen colours: the person's own."""
OTHERS = (
    "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte", "catppuccin-macchiato",
    "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai", "nord", "rose-pine", "rose-pine-dawn",
    "rose-pine-moon", "solarized-dark", "solarized-light", "textual-dark", "textual-light", "tokyo-night",
)
THEMES = (*CHOICES, *OURS, *SIXTEEN, *OTHERS)
