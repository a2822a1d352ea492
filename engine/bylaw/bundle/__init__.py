"""
Bundles: rules and data as they are released, in OPA's format. How a bundle is read, checked, built and put beside
others; not how it is fetched (``bylaw_adapters.bundle_sources``) or evaluated. Signatures are a module of their own,
``bylaw.bundle.signing``.

    bundle = read_bundle(Path("bundles/customer"))           # an archive or a folder, checked
    modules, data_json, revisions = combine([read_library(), bundle])
    Path("customer.tar.gz").write_bytes(build_archive(bundle))
"""

from bylaw.bundle.build import build_archive, build_folder
from bylaw.bundle.combine import combine, v0_files
from bylaw.bundle.contents import Bundle
from bylaw.bundle.layers import check_layers
from bylaw.bundle.library import library_folder
from bylaw.bundle.reading import Verifier, read_bundle, read_library, unpack
from bylaw.bundle.release import release_folder, release_library

__all__ = [
    "Bundle",
    "Verifier",
    "build_archive",
    "build_folder",
    "check_layers",
    "combine",
    "library_folder",
    "read_bundle",
    "read_library",
    "release_folder",
    "release_library",
    "unpack",
    "v0_files",
]
