"""The commands of ./boxoffice, by topic. A command reads its options, calls the module that works, and reports."""
