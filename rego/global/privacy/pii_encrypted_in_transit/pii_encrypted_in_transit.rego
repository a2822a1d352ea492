# METADATA
# title: Personal data is encrypted on its way
# description: >-
#   Every output port that carries personal data, or of which nobody can tell, names the protection of its connections,
#   one of the parameter `encryption_in_transit`. A location that begins with `https://` says it as well.
# custom:
#   id: PRV-002
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 32(1)(a)", "HIPAA § 164.312(e)(2)(ii)", "ISO/IEC 27001:2022 A.8.24"]
#   remediation: Serve the port over TLS and set `encryption.in_transit` to TLS.
package global.privacy.pii_encrypted_in_transit

import data.bylaw.lib.personal_data
import data.bylaw.lib.product
import data.bylaw.tightened

violation contains {"msg": msg, "path": holder.path} if {
	some holder in personal_data.holders(_product)
	why := personal_data.reason(_product, holder.port)
	not _is_protected(holder.port)
	msg := sprintf("%v: %v, and %v in transit", [holder.label, why, _state(holder.port)])
}

default _product := {}

_product := input.product if is_object(input.product)

_is_protected(port) if {
	some agreed in _agreed
	lower(product.encryption(_product, port).in_transit) == lower(agreed)
}

_is_protected(port) if {
	not _said(port)
	startswith(port.location, "https://")
}

_said(port) := product.encryption(_product, port).in_transit

_state(port) := sprintf("%v is not how the mesh encrypts", [said]) if {
	said := _said(port)
} else := "it names no encryption"

default _councils := ["TLS", "TLS 1.2", "TLS 1.3", "mTLS"]

_councils := data.global.parameters.encryption_in_transit

_agreed := tightened.common("encryption_in_transit", _councils)
