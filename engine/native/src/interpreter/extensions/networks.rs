//! Address ranges.

use std::collections::BTreeSet;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use regorus::Value;

use super::{Answer, Extension, Fault, elements, string, wanted};

pub const EXTENSIONS: &[Extension] = &[("net.cidr_intersects", 2, intersects), ("net.cidr_merge", 1, merge)];

fn network(text: &str) -> Result<IpNet, Fault> {
    text.parse::<IpNet>().map(|network| network.trunc()).map_err(|_| Fault::Arguments(format!("{text:?} is no CIDR")))
}

fn intersects(arguments: &[Value]) -> Answer {
    let (left, right) = (network(string(arguments, 0)?)?, network(string(arguments, 1)?)?);
    Ok(Value::Bool(left.contains(&right) || right.contains(&left)))
}

/// The fewest ranges that cover the same addresses.
fn merge(arguments: &[Value]) -> Answer {
    let (mut four, mut six): (Vec<Ipv4Net>, Vec<Ipv6Net>) = (Vec::new(), Vec::new());
    for element in elements(arguments, 0)? {
        let Value::String(text) = element else {
            return wanted(1, "array or set of strings");
        };
        match network(text)? {
            IpNet::V4(network) => four.push(network),
            IpNet::V6(network) => six.push(network),
        }
    }
    let merged: BTreeSet<Value> = Ipv4Net::aggregate(&four)
        .iter()
        .map(|network| Value::from(network.to_string()))
        .chain(Ipv6Net::aggregate(&six).iter().map(|network| Value::from(network.to_string())))
        .collect();
    Ok(Value::from(merged))
}
