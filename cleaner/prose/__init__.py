"""How prose reads: what tells a machine's from a writer's."""
