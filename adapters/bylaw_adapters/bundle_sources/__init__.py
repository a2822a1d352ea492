"""
Where bundles and loose policy files come from. What a bundle is, and whether it may be loaded, is ``bylaw.bundle``'s.
"""

from bylaw_adapters.bundle_sources.files import LoadedBundles, load_bundles
from bylaw_adapters.bundle_sources.loose_files import LooseFiles, load_bundle_sources, load_loose_files

__all__ = ["LoadedBundles", "LooseFiles", "load_bundle_sources", "load_bundles", "load_loose_files"]
