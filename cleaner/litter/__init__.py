"""What a site leaves in an article: the lines of a page, their shape and place, and how likely one is no part of the text."""
