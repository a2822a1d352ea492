# METADATA
# title: Nothing ends without the promised notice
# description: >-
#   A product that is newly deprecated says when it ends, and that is at least as far ahead as the released version
#   promised in `deprecation_notice_days` (where it promised nothing, the parameter `minimum_deprecation_days`). It is
#   retired only after it was deprecated and its announced end has come, and vanishes only after that. Which statuses
#   mean what is said by the parameters `statuses_deprecated` and `statuses_without_access`.
# custom:
#   id: SCH-004
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy"]
#   remediation: >-
#     Deprecate the product first, with `end_of_life` (ODCS: the service level `endOfLife`) as far ahead as was promised,
#     and retire it when that day has come.
package global.schema.retired_with_notice

import data.bylaw.lib.changes
import data.bylaw.lib.timestamps
import data.bylaw.lineage
import data.bylaw.tightened

violation contains {"msg": msg, "path": _place} if {
	some difference in changes.of("status_changed")
	difference.to in _deprecated
	not _far_enough
	msg := sprintf("the product is deprecated and ends %v; consumers were promised %v days of notice%v", [
		_end_in_words,
		_notice_days,
		lineage.affected,
	])
}

violation contains {"msg": msg, "path": "product.status"} if {
	some difference in changes.of("status_changed")
	difference.to in _retired
	not object.get(difference, "from", "nothing") in (_deprecated | _retired)
	msg := sprintf("the product is %v and was never deprecated; consumers were promised %v days of notice%v", [
		difference.to,
		_notice_days,
		lineage.affected,
	])
}

violation contains {"msg": msg, "path": "product.status"} if {
	some difference in changes.of("status_changed")
	difference.to in _retired
	difference.from in _deprecated
	not _announced_end_has_come
	msg := sprintf("the product is %v before its announced end (%v)%v", [
		difference.to,
		object.get(input, ["previous", "end_of_life"], "which was never announced"),
		lineage.affected,
	])
}

violation contains {"msg": msg, "path": "product"} if {
	some _ in changes.of("product_removed")
	not _was_retired
	not _announced_end_has_come
	msg := sprintf("the product is gone, and was neither retired nor has its announced end come (%v)%v", [
		object.get(input, ["previous", "end_of_life"], "which was never announced"),
		lineage.affected,
	])
}

_was_retired if input.previous.status in _retired

_far_enough if timestamps.days_between(time.now_ns(), _end) >= _notice_days

_announced_end_has_come if _instant(input.previous.end_of_life) <= time.now_ns()

_end := _instant(input.product.end_of_life)

# A date is its beginning, in UTC.
_instant(text) := instant if {
	instant := timestamps.instant(text)
} else := instant if {
	instant := timestamps.instant(sprintf("%vT00:00:00Z", [text]))
} else := _after_all if {
	regex.match(`^(2[2-9]|[3-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}`, text)
} else := 0 if {
	regex.match(`^(0[0-9]{3}|1[0-8][0-9]{2}|19[0-6][0-9])-[0-9]{2}-[0-9]{2}`, text)
}

# 2200-01-01, after all that nanoseconds count: people write 9999-12-31 for *never*.
_after_all := 7258118400000000000

_end_in_words := sprintf("on %v", [input.product.end_of_life]) if {
	_end
} else := "at a time that it does not say"

_place := "product.end_of_life" if {
	input.product.end_of_life
} else := "product.status"

_notice_days := input.previous.deprecation_notice_days if {
	is_number(input.previous.deprecation_notice_days)
} else := tightened.highest("minimum_deprecation_days", _councils_minimum_days)

default _councils_minimum_days := 30

_councils_minimum_days := data.global.parameters.minimum_deprecation_days

_deprecated := {status | some status in _deprecated_words}

_retired := {status | some status in _retired_words}

default _deprecated_words := ["deprecated"]

_deprecated_words := data.global.parameters.statuses_deprecated

default _retired_words := ["retired", "archived"]

_retired_words := data.global.parameters.statuses_without_access
