"""Engines run the pipeline over many documents."""
