"""The rule book: rules as written in YAML, checked, compiled and explained."""
