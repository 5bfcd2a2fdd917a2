# contrib: first look, checks, units, snippets, guides
