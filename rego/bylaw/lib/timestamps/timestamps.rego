# METADATA
# title: Instants
# description: >
#   RFC 3339 instants as nanoseconds. An instant that is not one is undefined, so whoever asked for it must say what
#   that means. Formats that one evaluator reads and another does not are refused before either sees them.
package bylaw.lib.timestamps

# Years 1970 to 2199: inside what nanoseconds in 64 bits can count.
_rfc3339 := concat("", [
	`^(19[7-9][0-9]|2[01][0-9][0-9])-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]`,
	`(\.[0-9]{1,9})?(Z|[+-][0-9][0-9]:[0-9][0-9])$`,
])

_ns_a_day := ((24 * 60) * 60) * 1000000000

# METADATA
# description: Nanoseconds since 1970 of an RFC 3339 text; undefined where it is none.
instant(text) := time.parse_rfc3339_ns(text) if {
	is_string(text)
	regex.match(_rfc3339, text)
}

# METADATA
# description: How many days, as a fraction, lie between two instants.
days_between(earlier_ns, later_ns) := (later_ns - earlier_ns) / _ns_a_day

# METADATA
# description: How many days ago an RFC 3339 text was, as a fraction; negative where it lies ahead.
age_in_days(text) := days_between(instant(text), time.now_ns())

# METADATA
# description: How many seconds ago an RFC 3339 text was, as a fraction; negative where it lies ahead.
age_in_seconds(text) := (time.now_ns() - instant(text)) / 1000000000
