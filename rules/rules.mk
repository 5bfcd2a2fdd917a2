# rules: what a school may change
