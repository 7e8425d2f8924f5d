"""LanguageTool: its installation, its server, what it answers, and the memory of its answers."""
