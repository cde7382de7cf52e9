"""Redshift's grammar: the words, nodes and arguments that it has, and the conditions under which it allows them.

sqlglot reads the idioms of thirty databases. `dialect` takes most of them out of its tokenizer and parser; these
modules check what is left in the tree.
"""
