# METADATA
# title: The AuthZEN door
# description: >
#   Answers one access evaluation of the OpenID AuthZEN Authorization API 1.0. Its request is the access input already;
#   the whole decision document goes into `context`, so that who asked learns reasons and obligations.
package bylaw.authzen

import data.bylaw.decisions.access

# METADATA
# description: The answer to `POST /access/v1/evaluation`.
# entrypoint: true
# scope: document
evaluation := {"decision": access.decision.allow, "context": access.decision}
