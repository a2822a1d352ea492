# METADATA
# title: Words of the General Data Protection Regulation
# description: >
#   What makes processing lawful (Art. 6(1)), what permits it for special categories of data (Art. 9(2)), and what permits a
#   transfer to a third country (Chapter V), in one word each, however a contract spells it: `Legitimate interests`,
#   `legitimate_interest` and `Art. 6(1)(f) GDPR` are `legitimate_interests`.
package bylaw.lib.lawfulness

_bases := {
	"consent": {"consent", "explicitconsent", "61a"},
	"contract": {"contract", "contractperformance", "performanceofacontract", "61b"},
	"legal_obligation": {"legalobligation", "legalobligations", "61c"},
	"vital_interests": {"vitalinterests", "vitalinterest", "61d"},
	"public_task": {"publictask", "publicinterest", "officialauthority", "61e"},
	"legitimate_interests": {"legitimateinterests", "legitimateinterest", "61f"},
}

_special_bases := {
	"explicit_consent": {"explicitconsent", "92a"},
	"employment_and_social_security": {
		"employmentandsocialsecurity", "employment", "employmentsocialsecurityandsocialprotection", "92b",
	},
	"vital_interests": {"vitalinterests", "vitalinterest", "92c"},
	"not_for_profit_bodies": {"notforprofitbodies", "notforprofit", "92d"},
	"made_public": {"madepublic", "madepublicbythedatasubject", "92e"},
	"legal_claims": {"legalclaims", "legalclaimsorjudicialacts", "92f"},
	"substantial_public_interest": {"substantialpublicinterest", "reasonsofsubstantialpublicinterestwithabasisinlaw", "92g"},
	"health_or_social_care": {"healthorsocialcare", "healthorsocialcarewithabasisinlaw", "92h"},
	"public_health": {"publichealth", "publichealthwithabasisinlaw", "92i"},
	"archiving_research_statistics": {
		"archivingresearchstatistics", "archivingresearchandstatistics", "archivingresearchandstatisticswithabasisinlaw", "92j",
	},
}

_mechanisms := {
	"adequacy_decision": {"adequacydecision", "adequacy", "45", "453"},
	"standard_contractual_clauses": {"standardcontractualclauses", "scc", "sccs", "462c", "462d"},
	"binding_corporate_rules": {"bindingcorporaterules", "bcr", "bcrs", "462b", "47"},
	"code_of_conduct": {"codeofconduct", "462e"},
	"certification": {"certification", "462f"},
	"derogation": {"derogation", "49", "491", "491a", "491b", "491c", "491d", "491e", "491f"},
}

# METADATA
# description: The lawful basis that a text names; undefined where it names none.
basis(text) := _of(_bases, text)

# METADATA
# description: The condition that a text names under which data of special categories may be processed.
special_basis(text) := _of(_special_bases, text)

# METADATA
# description: The mechanism that a text names by which data may go to a third country.
transfer_mechanism(text) := _of(_mechanisms, text)

_of(table, text) := word if {
	is_string(text)
	plain := regex.replace(regex.replace(lower(text), `[^a-z0-9]`, ""), `^(gdpr)?(article|art)?([0-9]+[a-j]?)(gdpr)?$`, "$3")
	some word, spellings in table
	plain in (spellings | {replace(word, "_", "")})
}
