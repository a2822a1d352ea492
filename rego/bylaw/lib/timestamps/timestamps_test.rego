package bylaw.lib.timestamps_test

import data.bylaw.lib.timestamps

test_an_instant_is_nanoseconds_since_1970 if {
	timestamps.instant("1970-01-02T00:00:00Z") == ((24 * 60) * 60) * 1000000000
	timestamps.instant("1970-01-01T02:00:00.5+02:00") == 500000000
}

test_no_instant[note] if {
	some note, text in {
		"a day": "2026-01-01",
		"no zone": "2026-01-01T00:00:00",
		"a space for the T": "2026-01-01 00:00:00Z",
		"small letters": "2026-01-01t00:00:00z",
		"a month that is none": "2026-13-01T00:00:00Z",
		"beyond what is counted": "2300-01-01T00:00:00Z",
		"a number": 17,
		"null": null,
	}
	not timestamps.instant(text)
}

test_ages_are_told_in_days_and_seconds if {
	timestamps.age_in_days("2026-01-01T00:00:00Z") == 1.5 with time.now_ns as timestamps.instant("2026-01-02T12:00:00Z")
	timestamps.age_in_seconds("2026-01-01T00:00:00Z") == 90 with time.now_ns as timestamps.instant("2026-01-01T00:01:30Z")
	timestamps.days_between(timestamps.instant("2026-01-02T00:00:00Z"), timestamps.instant("2026-01-01T00:00:00Z")) == -1
}
