//! Errors of YAML in METADATA blocks, worded and placed as OPA's.

use super::super::ast::Comment;
use super::metadata::Refusal;

/// Words the complaint of the YAML reader, and finds its line, as Go's `yaml.v3` and OPA do: the line is that of
/// the construct rather than of the problem, counted from zero by the parser and from one by the scanner, and OPA
/// takes it for an index of comments.
pub(super) fn yaml_refusal(message: &str, lines: &[Comment]) -> Refusal {
    let (problem, context) = match message.split_once(", while ") {
        Some((problem, context)) => (problem, Some(context)),
        None => (message, None),
    };
    let line_in = |text: &str| -> Option<usize> {
        text.split_once(" at line ")?.1.split(' ').next()?.parse::<usize>().ok().and_then(|line| line.checked_sub(1))
    };
    let problem_line = line_in(problem).unwrap_or(0);
    let context_line = context.map_or(0, |context| line_in(context).unwrap_or(problem_line));
    let problem = problem.split(" at line ").next().unwrap_or(problem);
    let by_parser = problem.starts_with("found undefined tag")
        || problem.starts_with("found duplicate")
        || ["',' or", "key", "'-'", "node", "<", "'"]
            .iter()
            .any(|rest| problem.strip_prefix("did not find expected ").is_some_and(|found| found.starts_with(rest)));
    let counted = if context_line > 0 { context_line } else { problem_line };
    let mut message = String::from("yaml: ");
    let at = if counted == 0 {
        lines.first()
    } else {
        let line = if by_parser { counted } else { counted + 1 };
        message.push_str(&format!("line {line}: "));
        lines.get(line).or(lines.last())
    };
    message.push_str(problem);
    for line in lines {
        add_hint(&mut message, line);
    }
    Refusal { message, at: at.map(|line| line.span) }
}

/// A colon without a space behind it is the usual cause.
fn add_hint(message: &mut String, line: &Comment) {
    let parts: Vec<&str> = line.text.split(':').skip(1).collect();
    let mut symbols = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        match part.chars().next() {
            Some(' ' | '\t') => break,
            None if index + 1 == parts.len() => break,
            None => symbols.push("'\\ufffd'".to_owned()),
            Some(symbol) if symbol.is_ascii_graphic() => symbols.push(format!("'{symbol}'")),
            Some(symbol) => symbols.push(format!("'\\u{:04x}'", symbol as u32)),
        }
    }
    if !symbols.is_empty() {
        message.push_str(&format!(
            "\n  Hint: on line {}, symbol(s) [{}] immediately following a key/value separator ':' is not a legal yaml \
             space character",
            line.span.row,
            symbols.join(" ")
        ));
    }
}
