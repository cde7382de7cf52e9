"""`./boxoffice new-source`: writes the files of a new source, which can load its own sample at once."""

from infra.launcher.new_source.derived import regenerate
from infra.launcher.new_source.skeleton import Like, NameRefused, Skeleton

__all__ = ["Like", "NameRefused", "Skeleton", "regenerate"]
