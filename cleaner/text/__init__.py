"""From bytes to text and its structure, and back without loss."""
