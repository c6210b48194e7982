"""People, organization units, the tree of scopes, roles and grants."""
