# METADATA
# title: The law, as conftest asks for it
# description: >-
#   Hands the decisions of the Bylaw library to conftest: one failure a violation, one warning a warning, each with its rule,
#   path and remediation beside the message. Nothing is decided here.
package main

deny contains failure if some failure in data.bylaw.conftest.deny

warn contains warning if some warning in data.bylaw.conftest.warn

# Conftest passes a file when no rule speaks, so law that was left out must speak. The decision is defined for every file,
# or there is no library; built bundles carry the metadata of their rules, or their data was not given.
deny contains {"msg": "the Bylaw library is not loaded: nothing was judged (conftest/README.md says how)"} if {
	not data.bylaw.conftest.decision
}

deny contains {"msg": "the data of the council's bundle is not loaded: give it with --data (conftest/README.md says how)"} if {
	not data.global.metadata
}
