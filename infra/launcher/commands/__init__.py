"""The commands of ./boxoffice, by topic: each reads its options, calls the module that does the work, and reports."""
