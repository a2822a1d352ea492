//! Role-based access: 20 rules over 200 roles with five permissions each, 300 users and 50 groups.

use super::{Numbers, Workload, json_list};

const ACTIONS: [&str; 7] = ["list", "describe", "read", "write", "alter", "drop", "export"];
const TYPES: [&str; 4] = ["table", "view", "stream", "file"];
const DOMAINS: [&str; 5] = ["customer", "product", "order", "analytics", "finance"];
const CLASSIFICATIONS: [&str; 4] = ["public", "internal", "confidential", "restricted"];
const PURPOSES: [&str; 5] = ["billing", "fraud", "reporting", "support", "curiosity"];
const INPUTS: usize = 200;

pub fn workload() -> Workload {
    let mut numbers = Numbers::from_seed(20_260_901);
    let policy = include_str!("../../../../benchmarks/rbac/rbac/authz.rego");
    Workload {
        modules: vec![("authz.rego".into(), policy.into())],
        data: data(&mut numbers).into_bytes(),
        inputs: (0..INPUTS).map(|_| input(&mut numbers).into_bytes()).collect(),
        path: &["rbac", "authz", "decision"],
    }
}

fn data(numbers: &mut Numbers) -> String {
    let roles: Vec<String> = (0..200).map(|n| format!("\"role-{n:03}\":{}", role(numbers))).collect();
    let groups: Vec<String> = (0..50)
        .map(|n| format!("\"group-{n:02}\":{{\"roles\":{}}}", json_list(&names(numbers, "role", 200, 2))))
        .collect();
    let users: Vec<String> = (0..300).map(|n| format!("\"user-{n:03}\":{}", user(numbers))).collect();
    format!(
        r#"{{"rbac":{{"purposes":["billing","fraud","reporting","support"],"roles":{{{}}},"groups":{{{}}},"users":{{{}}}}}}}"#,
        roles.join(","),
        groups.join(","),
        users.join(",")
    )
}

fn role(numbers: &mut Numbers) -> String {
    let permissions: Vec<String> = (0..5)
        .map(|_| {
            let action = if numbers.percent(10) { "*" } else { numbers.one_of(&ACTIONS) };
            let kind = if numbers.percent(40) { "*" } else { numbers.one_of(&TYPES) };
            let domain = if numbers.percent(20) { "*" } else { numbers.one_of(&DOMAINS) };
            format!(r#"{{"action":"{action}","type":"{kind}","domain":"{domain}"}}"#)
        })
        .collect();
    let parent =
        if numbers.percent(20) { format!(r#","inherits":"role-{:03}""#, numbers.below(200)) } else { String::new() };
    let retired = if numbers.percent(5) { r#","retired":true"# } else { "" };
    format!(r#"{{"permissions":[{}]{parent}{retired}}}"#, permissions.join(","))
}

fn user(numbers: &mut Numbers) -> String {
    let domain = numbers.one_of(&DOMAINS);
    let roles = 1 + numbers.below(3);
    let groups = numbers.below(3);
    let roles = json_list(&names(numbers, "role", 200, roles));
    let groups = json_list(&names(numbers, "group", 50, groups));
    let suspended = if numbers.percent(3) { r#","suspended":true"# } else { "" };
    format!(r#"{{"domain":"{domain}","roles":{roles},"groups":{groups}{suspended}}}"#)
}

fn input(numbers: &mut Numbers) -> String {
    let domain = numbers.one_of(&DOMAINS);
    format!(
        r#"{{"subject":{{"type":"user","id":"user-{:03}","properties":{{"address":"10.0.{}.7"}}}},"action":{{"name":"{}"}},"resource":{{"type":"{}","id":"lake.{domain}.t{}","properties":{{"domain":"{domain}","classification":"{}","owner":"user-{:03}","tags":["{}","{}"]}}}},"context":{{"purpose":"{}","second_factor":{}}}}}"#,
        numbers.below(300),
        numbers.below(256),
        numbers.one_of(&ACTIONS),
        numbers.one_of(&TYPES),
        numbers.below(10_000),
        numbers.one_of(&CLASSIFICATIONS),
        numbers.below(300),
        numbers.one_of(&["personal", "golden"]),
        numbers.one_of(&["daily", "derived"]),
        numbers.one_of(&PURPOSES),
        numbers.percent(80),
    )
}

fn names(numbers: &mut Numbers, prefix: &str, count: usize, how_many: usize) -> Vec<String> {
    let width = (count - 1).to_string().len();
    let mut names: Vec<String> = (0..how_many).map(|_| format!("{prefix}-{:0width$}", numbers.below(count))).collect();
    names.sort();
    names.dedup();
    names
}
