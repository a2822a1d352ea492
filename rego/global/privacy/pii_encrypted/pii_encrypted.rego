# METADATA
# title: Personal data is encrypted at rest
# description: >-
#   Every output port that carries a field of personal data names its encryption, one of the parameter
#   `encryption_at_rest`. So does a port of which nobody can tell what it carries, because the contract shows no fields
#   for it, and a product with personal data that names no port.
# custom:
#   id: PRV-001
#   enforcement: deny
#   severity: critical
#   controls: ["GDPR Art. 32(1)(a)", "HIPAA § 164.312(a)(2)(iv)", "ISO/IEC 27001:2022 A.8.24"]
#   remediation: Set `encryption.at_rest` to AES-256 on the output port, or take the personal fields out of it.
package global.privacy.pii_encrypted

import data.bylaw.lib.personal_data
import data.bylaw.lib.product
import data.bylaw.tightened

violation contains {"msg": msg, "path": holder.path} if {
	some holder in personal_data.holders(_product)
	why := personal_data.reason(_product, holder.port)
	not _is_encrypted(holder.port)
	msg := sprintf("%v: %v, and %v at rest", [holder.label, why, _state(holder.port)])
}

default _product := {}

_product := input.product if is_object(input.product)

_is_encrypted(port) if {
	used := _plain(product.encryption(_product, port).at_rest)
	some agreed in _agreed
	used == _plain(agreed)
}

_state(port) := sprintf("%v is not how the mesh encrypts", [used]) if {
	used := product.encryption(_product, port).at_rest
} else := "it names no encryption"

# AES-256, AES256 and aes_256 are the same cipher.
_plain(name) := replace(replace(upper(name), "-", ""), "_", "")

default _councils := ["AES-256", "AES-256-GCM"]

_councils := data.global.parameters.encryption_at_rest

_agreed := tightened.common("encryption_at_rest", _councils)
