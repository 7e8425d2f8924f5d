"""What is known of names: the gazetteer, romanization, and which spellings are one name."""
