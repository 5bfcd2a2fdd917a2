# contrib: first look, checks, units, snippets, guides
EXTRA_DIST += contrib/check contrib/try contrib/packages contrib/lib/install-packages
