//! Character classes of Go's regular expressions, rewritten for the `regex` crate.
//!
//! Source: Go's `regexp/syntax/parse.go`. Perl's and POSIX' classes are ASCII; classes do not nest and have no set
//! operations, so that `[a&&b]` and `[[a]` are plain lists of characters.

use super::regex_syntax::{Reader, error, escaped, push_literal};

/// The members of `\d`, `\s`, `\w`, or of everything else for the capital letter.
pub(super) fn perl_class(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "0-9",
        'D' => "^0-9",
        's' => "\\t\\n\\f\\r ",
        'S' => "^\\t\\n\\f\\r ",
        'w' => "0-9A-Za-z_",
        'W' => "^0-9A-Za-z_",
        _ => return None,
    })
}

/// `\pL`, `\p{Greek}`, `\P{…}`, `\p{^…}`.
pub(super) fn unicode_class(reader: &mut Reader<'_>) -> Result<String, String> {
    let start = reader.at;
    reader.next();
    let mut negated = reader.next() == Some('P');
    let braces = reader.accept("{");
    if reader.accept("^") {
        negated = !negated;
    }
    let name_start = reader.at;
    let name = if braces {
        let Some(end) = reader.rest().find('}') else {
            return Err(error("invalid character class range", reader.pattern.get(start..).unwrap_or_default()));
        };
        let name = reader.rest().get(..end).unwrap_or_default();
        reader.at += end + 1;
        name
    } else {
        reader.next();
        reader.since(name_start)
    };
    // Go knows general categories and scripts, under any spelling; the other engine knows more kinds of names.
    let plain = name.bytes().all(|byte| matches!(byte, b'_' | b'-' | b' ') || byte.is_ascii_alphanumeric());
    let known = |kind: &str| regex_syntax::parse(&format!("\\p{{{kind}={name}}}")).is_ok();
    if !plain || !(known("gc") || known("sc")) {
        return Err(error("invalid character class range", reader.since(start)));
    }
    let (letter, kind) = (if negated { 'P' } else { 'p' }, if known("gc") { "gc" } else { "sc" });
    let class = format!("\\{letter}{{{kind}={name}}}");
    Ok(class)
}

/// `[…]`, from its opening bracket.
pub(super) fn class(reader: &mut Reader<'_>) -> Result<String, String> {
    let start = reader.at;
    reader.next();
    let mut out = String::from("[");
    if reader.accept("^") {
        out.push('^');
    }
    let mut first = true;
    loop {
        match reader.peek() {
            None => return Err(error("missing closing ]", reader.pattern.get(start..).unwrap_or_default())),
            Some(']') if !first => {
                reader.next();
                out.push(']');
                return Ok(out);
            }
            Some(_) => item(reader, &mut out)?,
        }
        first = false;
    }
}

/// A named class, an escaped class, a character or a range of characters.
fn item(reader: &mut Reader<'_>, out: &mut String) -> Result<(), String> {
    if reader.rest().starts_with("[:")
        && let Some(end) = reader.rest().get(2..).and_then(|rest| rest.find(":]"))
    {
        let text = reader.rest().get(..end + 4).unwrap_or_default();
        reader.at += text.len();
        let name = text.trim_start_matches("[:").trim_start_matches('^').trim_end_matches(":]");
        if !POSIX.contains(&name) {
            return Err(error("invalid character class range", text));
        }
        out.push_str(text);
        return Ok(());
    }
    if reader.rest().starts_with('\\') {
        let letter = reader.rest().chars().nth(1);
        if matches!(letter, Some('p' | 'P')) {
            let class = unicode_class(reader)?;
            out.push_str(&class);
            return Ok(());
        }
        if let Some(members) = letter.and_then(perl_class) {
            reader.next();
            reader.next();
            out.push_str(&format!("[{members}]"));
            return Ok(());
        }
    }
    let start = reader.at;
    let low = character(reader)?;
    push_literal(out, low);
    if reader.rest().starts_with('-') && reader.rest().len() >= 2 && !reader.rest().starts_with("-]") {
        reader.next();
        let high = character(reader)?;
        if high < low {
            return Err(error("invalid character class range", reader.since(start)));
        }
        out.push('-');
        push_literal(out, high);
    }
    Ok(())
}

fn character(reader: &mut Reader<'_>) -> Result<char, String> {
    if reader.rest().starts_with('\\') {
        return escaped(reader);
    }
    reader.next().ok_or_else(|| error("missing closing ]", reader.pattern))
}

const POSIX: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word",
    "xdigit",
];
