# METADATA
# title: Words that tell a category
# description: >
#   Which category of the taxonomy a word of everyday contracts means, where that is clear: a semantic type, a format, the
#   name of a field, of a tag, or of a pattern that sample values look like. Spelling does not matter (`E-Mail`,
#   `email_address`). A word that could mean several things means none.
package bylaw.lib.category_words

_names := {
	"user": {"pii", "personal", "personaldata", "personalinformation", "gdpr"},
	"user.account.username": {"username", "login", "loginname", "useraccount"},
	"user.authorization.password": {"password", "passwd", "passwordhash"},
	"user.behavior.browsing_history": {"clickstream", "browsinghistory"},
	"user.behavior.purchase_history": {"purchasehistory"},
	"user.biometric": {"biometric", "biometricdata"},
	"user.biometric.fingerprint": {"fingerprint"},
	"user.contact": {"contactdetails"},
	"user.contact.address": {"address", "postaladdress", "homeaddress", "mailingaddress"},
	"user.contact.address.city": {"homecity"},
	"user.contact.address.postal_code": {"postalcode", "postcode", "zipcode", "zip"},
	"user.contact.address.street": {"street", "streetaddress", "addressline1"},
	"user.contact.email": {"email", "emailaddress", "mailaddress", "idnemail"},
	"user.contact.fax_number": {"fax", "faxnumber"},
	"user.contact.phone_number": {"phone", "phonenumber", "telephone", "telephonenumber", "mobile", "mobilenumber", "msisdn"},
	"user.criminal_history": {"criminalrecord", "criminalhistory"},
	"user.demographic.date_of_birth": {"dateofbirth", "birthdate", "birthday", "dob"},
	"user.demographic.gender": {"gender", "sex"},
	"user.demographic.marital_status": {"maritalstatus"},
	"user.demographic.political_opinion": {"politicalopinion"},
	"user.demographic.race_ethnicity": {"ethnicity", "race"},
	"user.demographic.religious_belief": {"religion", "religiousbelief"},
	"user.demographic.sexual_orientation": {"sexualorientation"},
	"user.device.cookie_id": {"cookieid"},
	"user.device.device_id": {"deviceid", "imei", "idfa", "macaddress"},
	"user.device.ip_address": {"ipaddress", "ip", "ipv4", "ipv6", "ipv4address", "ipv6address"},
	"user.financial": {"salary", "income"},
	"user.financial.bank_account": {"iban", "bankaccount", "bankaccountnumber", "accountiban"},
	"user.financial.credit_card": {"creditcard", "creditcardnumber", "cardnumber", "pan", "paymentcard"},
	"user.government_id": {"taxid", "taxidentificationnumber", "governmentid"},
	"user.government_id.drivers_license_number": {"driverslicense", "driverslicensenumber", "drivinglicence"},
	"user.government_id.national_identification_number": {
		"nationalid", "nationalidentificationnumber", "socialsecuritynumber", "ssn", "usssn",
	},
	"user.government_id.passport_number": {"passport", "passportnumber"},
	"user.health_and_medical": {"phi", "health", "healthdata", "diagnosis", "medicalrecord"},
	"user.health_and_medical.record_id": {"medicalrecordnumber", "mrn"},
	"user.location.precise": {"geolocation", "gpscoordinates", "gps"},
	"user.name": {"fullname", "personname", "customername", "employeename"},
	"user.name.first": {"firstname", "givenname", "forename"},
	"user.name.last": {"lastname", "familyname", "surname"},
	"user.unique_id": {"globalcustomeruuid", "customerid", "userid", "personid", "employeeid", "patientid"},
	"user.unique_id.pseudonymous": {"customerkey", "userkey", "pseudonym"},
}

_categories := {word: category |
	some category, words in _names
	some word in words
}

# METADATA
# description: The category that a word means; undefined where it means none.
category(word) := _categories[regex.replace(lower(word), `[^a-z0-9]`, "")] if is_string(word)
