//! `net.*`: ranges of addresses in CIDR notation. An IPv4 address inside IPv6 (`::ffff:1.2.3.4`) is an IPv4 address.
//!
//! Source: OPA `topdown/cidr.go`, `topdown/net.go`, and Go's package `net`, whose notation and messages these are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};

use super::context::Context;
use super::operands::{BuiltinError, at, string, wrong_type};
use super::registry::Definition;
use crate::rego::values::Value;

type Answer = Result<Option<Value>, BuiltinError>;

pub(super) static DEFS: &[Definition] = &[
    ("net.cidr_contains", contains),
    ("net.cidr_contains_matches", contains_matches),
    ("net.cidr_expand", expand),
    ("net.cidr_intersects", intersects),
    ("net.cidr_is_valid", is_valid),
    ("net.cidr_merge", merge),
    ("net.cidr_overlap", contains),
    ("net.lookup_ip_addr", lookup),
];

/// Where IPv4 lies in the space of 128 bits.
const V4_FIRST: u128 = 0xffff_0000_0000;
const V4_LAST: u128 = 0xffff_ffff_ffff;
/// What one address in a result is reckoned to cost.
const BYTES_PER_ADDRESS: u64 = 64;

/// An address and how many of its leading bits name the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Block {
    address: u128,
    /// Bits of 128, for IPv4 too.
    prefix: u32,
}

impl Block {
    /// `10.0.0.0/8`; the address is cut to its network.
    fn parse(text: &str) -> Result<Self, BuiltinError> {
        let invalid = || BuiltinError::failure(format!("invalid CIDR address: {text}"));
        let (address, prefix) = text.split_once('/').ok_or_else(invalid)?;
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
        let prefix: u32 = prefix.parse().ok().filter(|_| digits).ok_or_else(invalid)?;
        let (bits, shift) = match address {
            IpAddr::V4(_) => (32, 96),
            IpAddr::V6(_) => (128, 0),
        };
        if prefix > bits {
            return Err(invalid());
        }
        let block = Block { address: number(address), prefix: prefix + shift };
        Ok(Block { address: block.first(), ..block })
    }

    fn host_mask(self) -> u128 {
        u128::MAX.checked_shr(self.prefix).unwrap_or(0)
    }

    fn first(self) -> u128 {
        self.address & !self.host_mask()
    }

    fn last(self) -> u128 {
        self.address | self.host_mask()
    }

    /// An address of the other kind is never contained, not even in `::/0`.
    fn contains(self, address: u128) -> bool {
        is_v4(self.first()) == is_v4(address) && (self.first()..=self.last()).contains(&address)
    }

    fn text(self) -> String {
        let prefix = if is_v4(self.address) { self.prefix.saturating_sub(96) } else { self.prefix };
        format!("{}/{prefix}", address_text(self.address))
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn is_v4(address: u128) -> bool {
    (V4_FIRST..=V4_LAST).contains(&address)
}

fn address_text(address: u128) -> String {
    match Ipv6Addr::from_bits(address).to_ipv4_mapped() {
        Some(v4) => v4.to_string(),
        None => Ipv6Addr::from_bits(address).to_string(),
    }
}

fn block(operand: &Value) -> Result<Block, BuiltinError> {
    match operand {
        Value::String(text) => Block::parse(text.as_str()),
        other => Err(wrong_type(1, other, &["string"])),
    }
}

fn contains(_: &mut Context, operands: &[Value]) -> Answer {
    Ok(Some(Value::from(is_contained(at(operands, 1)?, at(operands, 2)?)?)))
}

/// Whether a block contains an address or another block.
fn is_contained(outer: &Value, inner: &Value) -> Result<bool, BuiltinError> {
    let outer = block(outer)?;
    let Value::String(text) = inner else { return Err(wrong_type(1, inner, &["string"])) };
    if let Ok(address) = text.as_str().parse::<IpAddr>() {
        return Ok(outer.contains(number(address)));
    }
    let inner = Block::parse(text.as_str()).map_err(|_| {
        BuiltinError::failure(format!("not a valid textual representation of an IP address or CIDR: {}", text.as_str()))
    })?;
    Ok(outer.contains(inner.first()) && outer.contains(inner.last()))
}

fn intersects(_: &mut Context, operands: &[Value]) -> Answer {
    let (one, other) = (block(at(operands, 1)?)?, block(at(operands, 2)?)?);
    Ok(Some(Value::from(one.contains(other.first()) || other.contains(one.first()))))
}

/// All pairs of an index of the first operand and one of the second whose block or address the first's contains.
fn contains_matches(context: &mut Context, operands: &[Value]) -> Answer {
    // Elements of the second operand are not looked at while the first has none.
    let outer = entries(at(operands, 1)?, 1)?;
    let inner = if outer.is_empty() { Vec::new() } else { entries(at(operands, 2)?, 2)? };
    let mut found = Vec::new();
    for (outer_block, outer_index) in &outer {
        for (inner_block, inner_index) in &inner {
            context.tick()?;
            if is_contained(outer_block, inner_block)? {
                context.reserve(BYTES_PER_ADDRESS)?;
                found.push(Value::array(vec![outer_index.clone(), inner_index.clone()]));
            }
        }
    }
    Ok(Some(Value::set(found)))
}

/// What is to be matched and by what index it is named: a string itself, an array's position, a set's element, an
/// object's key.
fn entries(operand: &Value, position: usize) -> Result<Vec<(Value, Value)>, BuiltinError> {
    let pair = |value: &Value, index: Value| Ok((head(value, position)?, index));
    match operand {
        Value::String(_) => Ok(vec![(operand.clone(), operand.clone())]),
        Value::Array(array) => {
            let indexed = array.iter().enumerate();
            indexed.map(|(index, value)| pair(value, Value::from(i64::try_from(index).unwrap_or(i64::MAX)))).collect()
        }
        Value::Set(set) => set.iter().map(|value| pair(value, value.clone())).collect(),
        Value::Object(object) => object.iter().map(|(key, value)| pair(value, key.clone())).collect(),
        _ => Ok(Vec::new()),
    }
}

/// A string, or the first element of an array.
fn head(value: &Value, position: usize) -> Result<Value, BuiltinError> {
    let first = match value {
        Value::String(_) => Some(value),
        Value::Array(array) => array.get(0),
        _ => None,
    };
    first
        .cloned()
        .ok_or_else(|| BuiltinError::failure(format!("operand {position}: element must be string or non-empty array")))
}

fn expand(context: &mut Context, operands: &[Value]) -> Answer {
    let block = Block::parse(string(operands, 1)?)?;
    let mut addresses = Vec::new();
    for address in block.first()..=block.last() {
        context.tick()?;
        context.reserve(BYTES_PER_ADDRESS)?;
        addresses.push(Value::from(address_text(address).as_str()));
    }
    Ok(Some(Value::set(addresses)))
}

fn is_valid(_: &mut Context, operands: &[Value]) -> Answer {
    let valid = matches!(at(operands, 1)?, Value::String(text) if Block::parse(text.as_str()).is_ok());
    Ok(Some(Value::from(valid)))
}

/// A range of addresses, and the block it was written as, if it is not the union of several.
#[derive(Debug, Clone, Copy)]
struct Range {
    last: u128,
    first: u128,
    block: Option<Block>,
}

fn merge(context: &mut Context, operands: &[Value]) -> Answer {
    let elements: Vec<&Value> = match at(operands, 1)? {
        Value::Array(array) => array.iter().collect(),
        Value::Set(set) => set.iter().collect(),
        _ => return Err(BuiltinError::failure("operand must be an array")),
    };
    let mut ranges = Vec::with_capacity(elements.len());
    for element in elements {
        context.tick()?;
        let block = address_or_block(element)?;
        ranges.push(Range { last: block.last(), first: block.first(), block: Some(block) });
    }
    ranges.sort_by_key(|range| (range.last, range.first));
    // From the end: a range that begins in or right after its predecessor is merged into it.
    let mut merged: Vec<Range> = Vec::new();
    for range in ranges.into_iter().rev() {
        match merged.last_mut() {
            Some(next) if before(next.first) <= range.last => {
                *next = Range { last: next.last, first: next.first.min(range.first), block: None };
            }
            _ => merged.push(range),
        }
    }
    let mut texts = Vec::new();
    for range in merged {
        match range.block {
            Some(block) => texts.push(Value::from(block.text().as_str())),
            None => cover(range, &mut texts),
        }
    }
    Ok(Some(Value::set(texts)))
}

/// The address before, within its kind.
fn before(address: u128) -> u128 {
    if address == V4_FIRST { address } else { address.saturating_sub(1) }
}

/// The smallest list of blocks that covers a range exactly.
fn cover(range: Range, texts: &mut Vec<Value>) {
    let mut first = range.first;
    loop {
        let mut prefix = 128 - first.trailing_zeros().min(128);
        while prefix < 128 && (Block { address: first, prefix }).last() > range.last {
            prefix += 1;
        }
        let block = Block { address: first, prefix };
        texts.push(Value::from(block.text().as_str()));
        match block.last().checked_add(1) {
            Some(next) if next <= range.last => first = next,
            _ => return,
        }
    }
}

/// A block; or an IPv4 address, which stands for the network of its class.
fn address_or_block(element: &Value) -> Result<Block, BuiltinError> {
    let Value::String(text) = element else { return Err(BuiltinError::failure("element must be string")) };
    let Ok(address) = text.as_str().parse::<IpAddr>() else { return Block::parse(text.as_str()) };
    let address = number(address);
    match Ipv6Addr::from_bits(address).to_ipv4_mapped() {
        Some(v4) => Ok(Block { address, prefix: 96 + class_prefix(v4) }),
        None => Err(BuiltinError::failure("IPv6 invalid: needs prefix length")),
    }
}

fn class_prefix(address: Ipv4Addr) -> u32 {
    match address.octets() {
        [..0x80, ..] => 8,
        [..0xc0, ..] => 16,
        _ => 24,
    }
}

fn lookup(context: &mut Context, operands: &[Value]) -> Answer {
    let name = string(operands, 1)?;
    context.hosts.check(name)?;
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(Some(Value::set([Value::from(address_text(number(address)))])));
    }
    let found = (name, 0).to_socket_addrs().map_err(|e| BuiltinError::failure(format!("lookup {name}: {e}")))?;
    Ok(Some(Value::set(found.map(|socket| Value::from(address_text(number(socket.ip())).as_str())))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(list: &[&str]) -> Value {
        let list = Value::array(list.iter().map(|text| Value::from(*text)).collect::<Vec<_>>());
        merge(&mut Context::default(), &[list]).ok().flatten().unwrap_or(Value::Null)
    }

    fn texts(list: &[&str]) -> Value {
        Value::set(list.iter().map(|text| Value::from(*text)))
    }

    #[test]
    fn neighbours_are_merged_into_the_fewest_blocks() {
        assert_eq!(merged(&["10.0.0.0/25", "10.0.0.128/25", "10.0.2.0/24"]), texts(&["10.0.0.0/24", "10.0.2.0/24"]));
        assert_eq!(merged(&["2001:db8::/33", "2001:db8:8000::/33"]), texts(&["2001:db8::/32"]));
        assert_eq!(merged(&["0.0.0.0/0", "10.0.0.0/8"]), texts(&["0.0.0.0/0"]));
    }

    #[test]
    fn a_lone_address_stands_for_its_class() {
        assert_eq!(merged(&["192.0.128.7"]), texts(&["192.0.128.7/24"]));
    }

    #[test]
    fn mapped_addresses_are_ipv4() {
        assert!(Block::parse("::ffff:10.0.0.0/104").is_ok_and(|b| b.text() == "10.0.0.0/8"));
        assert!(Block::parse("::/0").is_ok_and(|b| !b.contains(number(IpAddr::V4(Ipv4Addr::LOCALHOST)))));
        assert!(Block::parse("10.0.0.0/33").is_err());
        assert!(Block::parse("10.0.0.0/+8").is_err());
    }
}
