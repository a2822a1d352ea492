//! Many definitions of one rule, each with demands on input and data that an index can use: equality and membership.

use std::fmt::Write;

use super::Workload;

pub fn workload(rules: usize) -> Workload {
    let mut policy = String::from("package access\n\nimport data.settings\n\ndefault allow := false\n");
    for n in 0..rules {
        let _ = match n % 4 {
            0 => write!(
                policy,
                "\nallow if {{\n\tinput.resource == \"resource_{n}\"\n\tinput.action in {{\"read\", \"list\"}}\n\tsettings.region == \"eu\"\n}}\n"
            ),
            1 => write!(
                policy,
                "\nallow if {{\n\tinput.resource == \"resource_{n}\"\n\t\"group_{n}\" in input.groups\n}}\n"
            ),
            2 => write!(
                policy,
                "\nallow if {{\n\tinput.resource in {{\"resource_{n}\", \"alias_{n}\"}}\n\tinput.user.level > 3\n}}\n"
            ),
            _ => write!(
                policy,
                "\nallow if {{\n\tinput.action == \"write\"\n\tinput.resource == \"resource_{n}\"\n\tinput.user.id == settings.owner\n}}\n"
            ),
        };
    }
    let inputs = (0..100)
        .map(|n| {
            format!(
                r#"{{"action":"{}","resource":"resource_{n}","groups":["analysts","group_{n}"],"user":{{"id":"alice","level":{}}}}}"#,
                if n % 3 == 0 { "read" } else { "write" },
                n % 7
            )
            .into_bytes()
        })
        .collect();
    Workload {
        modules: vec![("access.rego".into(), policy)],
        data: br#"{"settings":{"region":"eu","owner":"alice"}}"#.to_vec(),
        inputs,
        path: &["access", "allow"],
    }
}
