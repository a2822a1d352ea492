//! Changes to a text by offsets into it, applied all at once. Text can be moved, never copied, so that rows stay.

use std::collections::BTreeMap;

use regorus::unstable::Span;

#[derive(Default)]
struct At {
    /// Ends what stands before, inner things first; each with where it starts.
    close: Vec<(usize, String)>,
    /// Begins what stands after, outer things first; each with where it ends.
    open: Vec<(usize, String)>,
    /// Stands in the place of the source up to an offset.
    replace: Option<(usize, String)>,
}

pub struct Edits<'t> {
    source: &'t str,
    at: BTreeMap<usize, At>,
}

impl<'t> Edits<'t> {
    pub fn of(source: &'t str) -> Self {
        Edits { source, at: BTreeMap::new() }
    }

    pub fn source(&self) -> &'t str {
        self.source
    }

    /// Where a span starts and ends. The parser leaves the quotes out of strings, and so out of whatever begins or ends
    /// with one.
    pub fn stretch(&self, span: &Span) -> (usize, usize) {
        let (start, end) = (span.start as usize, span.end as usize);
        let is_quote = |at: usize| matches!(self.source.as_bytes().get(at), Some(b'"' | b'`'));
        (start - usize::from(start > 0 && is_quote(start - 1)), end + usize::from(is_quote(end)))
    }

    /// Puts text around a stretch, and around whatever was put there before.
    pub fn surround(&mut self, (start, end): (usize, usize), open: &str, close: &str) {
        self.at.entry(start).or_default().open.insert(0, (end, open.to_owned()));
        self.at.entry(end).or_default().close.push((start, close.to_owned()));
    }

    pub fn replace(&mut self, (start, end): (usize, usize), text: &str) {
        self.at.entry(start).or_default().replace = Some((end, text.to_owned()));
    }

    /// Moves a stretch out, with the changes inside it, and leaves a name in its place.
    pub fn take(&mut self, (start, end): (usize, usize), name: &str) -> String {
        let text = self.render(start, end);
        let inside: Vec<usize> = self.at.range(start + 1..end).map(|(&at, _)| at).collect();
        for at in inside {
            self.at.remove(&at);
        }
        self.at.entry(start).or_default().open.retain(|(until, _)| *until > end);
        self.at.entry(end).or_default().close.retain(|(from, _)| *from < start);
        self.replace((start, end), name);
        text
    }

    /// A stretch as it will be, with the changes inside it.
    pub fn text(&self, (start, end): (usize, usize)) -> String {
        self.render(start, end)
    }

    pub fn finish(self) -> String {
        self.render(0, self.source.len())
    }

    fn render(&self, start: usize, end: usize) -> String {
        let mut out = String::with_capacity(end - start);
        let mut at = start;
        for (&offset, edit) in self.at.range(start..=end) {
            out.push_str(self.source.get(at..offset).unwrap_or_default());
            at = at.max(offset);
            let closes = edit.close.iter().filter(|(from, _)| *from >= start && offset > start);
            closes.for_each(|(_, text)| out.push_str(text));
            if offset < end {
                let opens = edit.open.iter().filter(|(until, _)| *until <= end);
                opens.for_each(|(_, text)| out.push_str(text));
                if let Some((until, text)) = &edit.replace {
                    out.push_str(text);
                    at = *until;
                }
            }
        }
        out.push_str(self.source.get(at..end).unwrap_or_default());
        out
    }
}
