//! Strings: at most fourteen bytes sit inside the value, longer ones are shared by count.

use std::cmp::Ordering;
use std::fmt;

use arcstr::ArcStr;

/// How many bytes fit inside a [`Str`] without an allocation.
pub const INLINE_BYTES: usize = 14;

/// An immutable string of UTF-8; cloning never copies more than sixteen bytes.
#[derive(Clone)]
pub struct Str(Repr);

/// A string of at most [`INLINE_BYTES`] bytes is always `Short`, so unequal forms are unequal strings.
#[derive(Clone)]
enum Repr {
    Short { len: u8, bytes: [u8; INLINE_BYTES] },
    Long(ArcStr),
}

impl Str {
    pub const EMPTY: Str = Str(Repr::Short { len: 0, bytes: [0; INLINE_BYTES] });

    pub fn new(text: &str) -> Str {
        match short(text.as_bytes()) {
            Some(repr) => Str(repr),
            None => Str(Repr::Long(ArcStr::from(text))),
        }
    }

    /// The text. For short strings this checks the UTF-8 again, a few nanoseconds: compare by [`Str::as_bytes`].
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // Only ever built from a `&str`: the default cannot be met.
            Repr::Short { .. } => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Repr::Long(text) => text.as_str(),
        }
    }

    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Short { len, bytes } => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Repr::Long(text) => text.as_bytes(),
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Short { len, .. } => usize::from(*len),
            Repr::Long(text) => text.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the bytes live outside the value (and are worth sharing).
    pub fn is_shared(&self) -> bool {
        matches!(self.0, Repr::Long(_))
    }
}

fn short(bytes: &[u8]) -> Option<Repr> {
    let mut inline = [0; INLINE_BYTES];
    inline.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(Repr::Short { len: bytes.len() as u8, bytes: inline })
}

impl PartialEq for Str {
    #[inline]
    fn eq(&self, other: &Str) -> bool {
        match (&self.0, &other.0) {
            // The unused bytes are zero.
            (Repr::Short { len: a, bytes: x }, Repr::Short { len: b, bytes: y }) => a == b && x == y,
            (Repr::Long(a), Repr::Long(b)) => ArcStr::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

impl Eq for Str {}

impl Ord for Str {
    fn cmp(&self, other: &Str) -> Ordering {
        if let (Repr::Long(a), Repr::Long(b)) = (&self.0, &other.0)
            && ArcStr::ptr_eq(a, b)
        {
            return Ordering::Equal;
        }
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for Str {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write(self.as_bytes());
        state.write_u8(0xff);
    }
}

impl std::ops::Deref for Str {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        Str::new(text)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str::new(&text)
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}
