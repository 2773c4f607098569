"""A platform that nobody has, as a package of its own: what docs/add-a-platform.md says is enough to add one."""
