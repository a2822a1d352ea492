//! From a glob's tree to its matcher: neighbours are joined, common beginnings and ends of choices are taken out.
//!
//! These are meant as optimisations, yet some change what a pattern matches, so they are the ones of OPA's library.
//! Source: `gobwas/glob` v0.2.3, `compiler`.

use super::glob_matcher::Matcher;
use super::glob_syntax::Node;

pub(super) fn compile(node: &Node, separators: &[char]) -> Matcher {
    let matcher = match node {
        Node::AnyOf(choices) => match without_common(choices) {
            Some(simpler) => return compile(&simpler, separators),
            None => return Matcher::AnyOf(compiled(choices, separators)),
        },
        Node::Pattern(parts) if parts.is_empty() => Matcher::Nothing,
        Node::Pattern(parts) => sequence(joined(compiled(parts, separators))),
        Node::Any => Matcher::Any(separators.to_vec()),
        Node::Super => Matcher::Super,
        Node::Single => Matcher::Single(separators.to_vec()),
        Node::Nothing => Matcher::Nothing,
        Node::List { characters, negated } => Matcher::List { characters: characters.clone(), negated: *negated },
        Node::Range { low, high, negated } => Matcher::Range { low: *low, high: *high, negated: *negated },
        Node::Text(text) => Matcher::Text(text.clone()),
    };
    simplified(matcher)
}

fn compiled(nodes: &[Node], separators: &[char]) -> Vec<Matcher> {
    nodes.iter().map(|node| simplified(compile(node, separators))).collect()
}

fn simplified(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::Any(separators) if separators.is_empty() => Matcher::Super,
        Matcher::AnyOf(mut choices) if choices.len() == 1 => choices.pop().unwrap_or(Matcher::Nothing),
        Matcher::List { characters, negated: false } if characters.len() == 1 => {
            Matcher::Text(characters.into_iter().collect())
        }
        Matcher::Tree { value, left, right } => {
            let left = left.map(|left| Box::new(simplified(*left)));
            let right = right.map(|right| Box::new(simplified(*right)));
            around(*value, left, right)
        }
        other => other,
    }
}

/// Text with something simple to its left and right.
fn around(value: Matcher, left: Option<Box<Matcher>>, right: Option<Box<Matcher>>) -> Matcher {
    let Matcher::Text(text) = value else { return Matcher::Tree { value: Box::new(value), left, right } };
    match (left.as_deref(), right.as_deref()) {
        (None, None) => Matcher::Text(text),
        (Some(Matcher::Super), Some(Matcher::Super)) => Matcher::Contains { needle: text, negated: false },
        (Some(Matcher::Super), None) => Matcher::Suffix(text),
        (None, Some(Matcher::Super)) => Matcher::Prefix(text),
        (None, Some(Matcher::Suffix(suffix))) => Matcher::PrefixSuffix(text, suffix.clone()),
        (Some(Matcher::Prefix(prefix)), None) => Matcher::PrefixSuffix(prefix.clone(), text),
        (Some(Matcher::Any(separators)), None) => Matcher::SuffixAny(text, separators.clone()),
        (None, Some(Matcher::Any(separators))) => Matcher::PrefixAny(text, separators.clone()),
        _ => Matcher::Tree { value: Box::new(Matcher::Text(text)), left, right },
    }
}

/// A tree around the longest piece of fixed length.
fn sequence(mut parts: Vec<Matcher>) -> Matcher {
    if parts.len() <= 1 {
        return parts.pop().unwrap_or(Matcher::Nothing);
    }
    if let Some(one) = glued(&parts) {
        return one;
    }
    let longest = parts
        .iter()
        .enumerate()
        .filter_map(|(position, part)| part.length().map(|length| (length, position)))
        .max()
        .map(|(_, position)| position);
    let position = longest.unwrap_or(0);
    let right = parts.split_off(position + 1);
    let value = parts.pop().unwrap_or(Matcher::Nothing);
    let side = |parts: Vec<Matcher>| if parts.is_empty() { None } else { Some(Box::new(sequence(parts))) };
    Matcher::Tree { value: Box::new(value), left: side(parts), right: side(right) }
}

fn glued(parts: &[Matcher]) -> Option<Matcher> {
    if parts.len() <= 1 {
        return None;
    }
    glued_wildcards(parts).or_else(|| {
        let length = parts.iter().map(Matcher::length).sum::<Option<usize>>()?;
        Some(Matcher::Row { parts: parts.to_vec(), length })
    })
}

/// Neighbouring wildcards with the same separators as one matcher. If there are several separators, it only refuses
/// texts that contain them all in a row.
fn glued_wildcards(parts: &[Matcher]) -> Option<Matcher> {
    let (mut any, mut all, mut single, mut least) = (false, false, false, 0);
    let mut common: Option<&[char]> = None;
    for part in parts {
        let separators: &[char] = match part {
            Matcher::Super => {
                all = true;
                &[]
            }
            Matcher::Any(separators) => {
                any = true;
                separators
            }
            Matcher::Single(separators) | Matcher::List { characters: separators, negated: true } => {
                single = true;
                least += 1;
                separators
            }
            _ => return None,
        };
        if **common.get_or_insert(separators) != *separators {
            return None;
        }
    }
    let separators = common.unwrap_or_default();
    if all && !any && !single {
        return Some(Matcher::Super);
    }
    if any && !all && !single {
        return Some(Matcher::Any(separators.to_vec()));
    }
    if (any || all) && least > 0 && separators.is_empty() {
        return Some(Matcher::Min(least));
    }
    let mut every = Vec::new();
    if least > 0 {
        every.push(Matcher::Min(least));
        if !any && !all {
            every.push(Matcher::Max(least));
        }
    }
    if !separators.is_empty() {
        every.push(Matcher::Contains { needle: separators.iter().collect(), negated: true });
    }
    Some(Matcher::EveryOf(every))
}

/// Joins the best stretch of neighbours, again and again.
fn joined(mut parts: Vec<Matcher>) -> Vec<Matcher> {
    loop {
        let mut best: Option<(Matcher, usize, usize)> = None;
        for left in 0..parts.len() {
            for right in (left + 1..=parts.len()).rev() {
                let Some(one) = parts.get(left..right).and_then(glued) else { continue };
                let better = match &best {
                    None => true,
                    Some((known, from, to)) => {
                        let longer = matches!((known.length(), one.length()), (Some(a), Some(b)) if b > a);
                        longer || to - from < right - left
                    }
                };
                if better {
                    best = Some((one, left, right));
                }
            }
        }
        let Some((one, left, right)) = best else { return parts };
        parts.splice(left..right, std::iter::once(one));
    }
}

/// `{abc,abd}` as `ab{c,d}`: the same nodes at the beginnings and ends of all choices, if there are any.
fn without_common(choices: &[Node]) -> Option<Node> {
    let patterns: Vec<&[Node]> = choices
        .iter()
        .map(|choice| if let Node::Pattern(parts) = choice { Some(parts.as_slice()) } else { None })
        .collect::<Option<_>>()?;
    let (left, right) = common_ends(&patterns);
    if left + right == 0 {
        return None;
    }
    let first = patterns.first()?;
    let mut result = Vec::new();
    if left > 0 {
        result.push(Node::Pattern(first.get(..left)?.to_vec()));
    }
    let mut rest: Vec<Node> = Vec::new();
    for pattern in &patterns {
        let kept = pattern.get(left..pattern.len() - right).unwrap_or_default();
        let node = if kept.is_empty() { Node::Nothing } else { Node::Pattern(kept.to_vec()) };
        if !rest.contains(&node) {
            rest.push(node);
        }
    }
    match rest.as_slice() {
        [Node::Nothing] => {}
        [only] => result.push(only.clone()),
        _ => result.push(Node::AnyOf(rest)),
    }
    if right > 0 {
        result.push(Node::Pattern(first.get(first.len() - right..)?.to_vec()));
    }
    Some(Node::Pattern(result))
}

/// How many nodes all choices begin and end with, without using a node of the shortest choice twice.
fn common_ends(patterns: &[&[Node]]) -> (usize, usize) {
    let shortest = patterns.iter().enumerate().min_by_key(|(_, pattern)| pattern.len());
    let Some((own, shortest)) = shortest.filter(|_| patterns.len() > 1) else { return (0, 0) };
    let length = shortest.len();
    let (mut left, mut right) = (0, 0);
    let (mut left_open, mut right_open) = (true, true);
    for step in 0..length {
        let back = length - 1 - step;
        for (_, other) in patterns.iter().enumerate().filter(|(position, _)| *position != own) {
            left_open = left_open && other.get(step) == shortest.get(step);
            // From the middle on, a common beginning leaves nothing for a common end.
            right_open = right_open && !(left_open && back <= step);
            right_open = right_open && other.iter().nth_back(step) == shortest.get(back);
            if !(left_open || right_open) {
                return (left, right);
            }
        }
        left += usize::from(left_open);
        right += usize::from(right_open);
        if left + right >= length {
            break;
        }
    }
    (left, right)
}
