//! regorus' own built-ins behind a bound, where a short argument can ask for more memory or time than there is. The clock
//! is not looked at inside of a built-in, so the bound has to be known before.

use std::sync::LazyLock;

use ipnet::IpNet;
use regorus::Value;
use regorus::unstable::{BUILTINS, Expr, Ref, Source, Span};

use super::{Answer, Extension, Fault, string};
use crate::errors::message_of;
use crate::interpreter::circumstances::Circumstances;

/// The longest text, and the longest list, that a built-in makes.
const MAX_TEXT_BYTES: usize = 16 << 20;
const MAX_ITEMS: usize = 5_000_000;

/// 2^16 addresses, one by one, are a network; more are a mistake.
const MAX_ADDRESS_BITS: u8 = 16;

pub const EXTENSIONS: &[Extension] = &[
    ("array.concat", 2, |arguments| {
        let length = |value: &Value| value.as_array().map_or(0, |items| items.len());
        within(arguments.iter().map(length).sum(), MAX_ITEMS)?;
        call("array.concat", arguments)
    }),
    ("concat", 2, |arguments| {
        let delimiter = arguments.first().map_or(0, length);
        let parts = match arguments.get(1) {
            Some(Value::Array(items)) => items.iter().map(|item| length(item) + delimiter).sum(),
            Some(Value::Set(items)) => items.iter().map(|item| length(item) + delimiter).sum(),
            _ => 0,
        };
        within(parts, MAX_TEXT_BYTES)?;
        call("concat", arguments)
    }),
    ("net.cidr_expand", 1, |arguments| {
        let network = string(arguments, 0)?.parse::<IpNet>();
        if network.is_ok_and(|network| network.max_prefix_len() - network.prefix_len() > MAX_ADDRESS_BITS) {
            return Err(Fault::Limit(format!("more than 2^{MAX_ADDRESS_BITS} addresses")));
        }
        call("net.cidr_expand", arguments)
    }),
    ("regex.replace", 3, |arguments| {
        within((length(&arguments[0]) + 1).saturating_mul(length(&arguments[2])), MAX_TEXT_BYTES * 16)?;
        call("regex.replace", arguments)
    }),
    ("replace", 3, |arguments| {
        if let [Value::String(text), Value::String(old), Value::String(new)] = arguments {
            let places = if old.is_empty() { text.len() + 1 } else { text.matches(old.as_ref()).count() };
            within(places.saturating_mul(new.len()).saturating_add(text.len()), MAX_TEXT_BYTES)?;
        }
        call("replace", arguments)
    }),
    ("strings.replace_n", 2, |arguments| {
        let longest = match arguments.first() {
            Some(Value::Object(patterns)) => patterns.values().map(length).max().unwrap_or(0),
            _ => 0,
        };
        within((arguments.get(1).map_or(0, length) + 1).saturating_mul(longest), MAX_TEXT_BYTES * 16)?;
        call("strings.replace_n", arguments)
    }),
    ("to_number", 1, |arguments| numeric("to_number", arguments)),
    ("units.parse", 1, |arguments| numeric("units.parse", arguments)),
    ("units.parse_bytes", 1, |arguments| numeric("units.parse_bytes", arguments)),
];

fn length(value: &Value) -> usize {
    value.as_string().map_or(0, |text| text.len())
}

fn within(size: usize, limit: usize) -> Result<(), Fault> {
    if size > limit {
        return Err(Fault::Limit(format!("a value of {size} bytes or items, at most {limit}")));
    }
    Ok(())
}

/// A number is read digit by digit, and its exponent says how many there are.
fn numeric(name: &'static str, arguments: &[Value]) -> Answer {
    if let Some(Value::String(text)) = arguments.first()
        && !is_readable_number(text)
    {
        return Err(Fault::Type("the number is out of range".into()));
    }
    call(name, arguments)
}

/// Whether no number in the text has more digits, written or meant, than are worth reading.
pub fn is_readable_number(text: &str) -> bool {
    const MAX_EXPONENT_DIGITS: usize = 3;
    let digits = |part: &str| part.trim_start_matches(['+', '-']).chars().take_while(char::is_ascii_digit).count();
    text.len() <= crate::json_text::MAX_NUMBER_LENGTH
        && text.split(['e', 'E']).skip(1).all(|exponent| digits(exponent) <= MAX_EXPONENT_DIGITS)
}

/// Where the arguments stand does not matter: the caller of the extension adds the place.
static NOWHERE: LazyLock<Option<Span>> = LazyLock::new(|| {
    let source = Source::from_contents("built-in".into(), String::new()).ok()?;
    Some(Span { source, line: 1, col: 1, start: 0, end: 0 })
});

fn call(name: &'static str, arguments: &[Value]) -> Answer {
    let (Some(span), Some((function, _))) = (NOWHERE.as_ref(), BUILTINS.get(name)) else {
        return Err(Fault::Limit("no such built-in".into()));
    };
    let parameter = || Ref::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
    let parameters: Vec<Ref<Expr>> = arguments.iter().map(|_| parameter()).collect();
    let strict = Circumstances::current().strict_builtin_errors;
    function(span, &parameters, arguments, strict).map_err(|error| Fault::Arguments(message_of(&error)))
}
