"""`./boxoffice new-source`: the files of a source that loads its own sample at once."""

from infra.launcher.new_source.derived import regenerate
from infra.launcher.new_source.skeleton import Like, NameRefused, Skeleton

__all__ = ["Like", "NameRefused", "Skeleton", "regenerate"]
