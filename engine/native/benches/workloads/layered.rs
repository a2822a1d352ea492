//! Law composed over packages: one rule a package, 300 packages, of which two have anything to say about an input.

use super::Workload;

const RULES: usize = 300;

pub fn workload() -> Workload {
    let mut modules = vec![("decision.rego".to_owned(), DECISION.to_owned())];
    modules.extend((0..RULES).map(|n| (format!("rule_{n:03}.rego"), rule(n))));
    Workload {
        modules,
        data: br#"{"settings":{"strict":true}}"#.to_vec(),
        inputs: (0..RULES / 2).map(|n| input(n).into_bytes()).collect(),
        path: &["law", "decision"],
    }
}

const DECISION: &str = r#"package law

kind := input.kind

violations contains {"rule": rule, "msg": v.msg, "severity": v.severity} if {
	some rule
	some v in data.global[kind][rule].violation
}

default allow := false

allow if count(violations) == 0

decision := {"allow": allow, "violations": violations}
"#;

/// Rules come in pairs that look at the same type of resource.
fn rule(n: usize) -> String {
    let kind = n / 2;
    format!(
        r#"package global.privacy.rule_{n:03}

import data.settings

violation contains {{"msg": msg, "severity": severity}} if {{
	input.resource.type == "type_{kind:03}"
	some port in input.resource.ports
	not port.encrypted
	msg := sprintf("%v of %v is not encrypted", [port.name, input.resource.name])
}}

severity := "high" if settings.strict
"#
    )
}

fn input(kind: usize) -> String {
    format!(
        r#"{{"kind":"privacy","subject":{{"id":"alice","groups":["analysts","stewards"]}},"action":{{"name":"read"}},"resource":{{"type":"type_{kind:03}","name":"lake.customer.profiles","domain":"customer","ports":[{{"name":"files","encrypted":true}},{{"name":"stream","encrypted":false}}]}}}}"#
    )
}
