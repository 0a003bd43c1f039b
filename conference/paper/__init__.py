"""What is printed on paper: one press for every app's PDF.

WeasyPrint, pikepdf and Pillow are imported inside functions: a web worker that prints nothing never loads them.
"""
