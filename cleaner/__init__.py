"""Finds what went wrong with folders of news articles, and shows the evidence for each finding."""

__version__ = "0.1.0"
