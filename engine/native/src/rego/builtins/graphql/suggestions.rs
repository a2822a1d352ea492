//! "Did you mean": names that are close to the one that was written.

/// Names within reach, nearest first. A third or so of the letters may differ.
pub(super) fn suggestions<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let reach = written.len() * 2 / 5 + 1;
    let mut near: Vec<(usize, &str)> =
        known.map(|name| (distance(written, name), name)).filter(|(distance, _)| *distance <= reach).collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().map(|(_, name)| name).collect()
}

/// ` Did you mean "a", "b", or "c"?`, or nothing.
pub(super) fn did_you_mean(prefix: &str, names: &[&str], quoted: bool) -> String {
    if names.is_empty() {
        return String::new();
    }
    let shown: Vec<String> =
        names.iter().map(|name| if quoted { format!("\"{name}\"") } else { (*name).to_owned() }).collect();
    format!(" {prefix} {}?", or_list(&shown))
}

/// At most five, the last after "or".
pub(super) fn or_list(names: &[String]) -> String {
    let names = names.get(..5).unwrap_or(names);
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} or {other}"),
        [most @ .., last] => format!("{}, or {last}", most.join(", ")),
    }
}

/// Edits from one name to the other; only the case of letters counts as one.
fn distance(one: &str, other: &str) -> usize {
    if one == other {
        return 0;
    }
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    if one == other {
        return 1;
    }
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, wanted) in row.iter_mut().skip(1).zip(&other) {
            let changed = diagonal + usize::from(letter != *wanted);
            diagonal = *cell;
            *cell = changed.min(diagonal + 1).min(left + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, distance, suggestions};

    #[test]
    fn nearest_names_come_first() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("Name", "name"), 1);
        assert_eq!(suggestions("nam", ["title", "names", "name"].into_iter()), ["name", "names"]);
        assert_eq!(did_you_mean("Did you mean", &["a", "b", "c"], true), " Did you mean \"a\", \"b\", or \"c\"?");
    }
}
