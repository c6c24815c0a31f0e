"""The program around the screens: start, navigation, palette, themes, signals."""
