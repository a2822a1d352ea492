//! A large document of base data.

use std::fmt::Write;

/// Users with roles, products with columns, grants: the three shapes of most authorisation data.
pub fn base_data(bytes: usize) -> Vec<u8> {
    let scale = bytes / 780;
    let mut out = String::with_capacity(bytes + bytes / 4);
    out.push_str("{\"users\":{");
    for n in 0..scale {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            out,
            r#"{comma}"user{n:06}":{{"id":"user{n:06}","mail":"user{n:06}@example.com","department":"department-{}","active":{},"clearance":{},"roles":["reader","steward-{}"],"quota":{}.5}}"#,
            n % 40,
            n % 7 != 0,
            n % 5,
            n % 90,
            n % 1000
        );
    }
    out.push_str("},\"products\":[");
    for n in 0..scale / 2 {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            out,
            r#"{comma}{{"id":"product-{n}","domain":"domain-{}","owner":"user{:06}","columns":["#,
            n % 60,
            n * 7 % scale
        );
        for column in 0..6 {
            let comma = if column == 0 { "" } else { "," };
            let _ = write!(
                out,
                r#"{comma}{{"name":"column_{}","type":"{}","classification":"{}","nullable":{}}}"#,
                (n + column) % 200,
                ["varchar", "bigint", "timestamp"][column % 3],
                ["public", "internal", "personal"][(n + column) % 3],
                column > 2
            );
        }
        out.push_str("]}");
    }
    out.push_str("],\"grants\":[");
    for n in 0..scale * 3 {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            out,
            r#"{comma}{{"user":"user{:06}","product":"product-{}","actions":["read"],"until":"2027-0{}-01T00:00:00Z"}}"#,
            n % scale,
            n * 11 % (scale / 2).max(1),
            n % 9 + 1
        );
    }
    out.push_str("]}");
    out.into_bytes()
}
