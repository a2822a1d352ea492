//! The texts to start from, and what is done to them.

use crate::cases::{self, Case};
use crate::generate;
use crate::mutate;
use crate::random::Random;

/// Longer ones are cut: speed finds more than size.
const MOST_BYTES: usize = 1 << 14;

/// Pieces that parsers trip over.
const PIECES: [&str; 72] = [
    "package",
    "import",
    "default",
    "else",
    "if",
    "contains",
    "some",
    "every",
    "in",
    "not",
    "with",
    "as",
    "true",
    "false",
    "null",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":=",
    "=",
    "==",
    "!=",
    "<=",
    "|",
    "&",
    "+",
    "-",
    "*",
    "/",
    "%",
    ",",
    ";",
    ":",
    ".",
    "\"",
    "`",
    "\\",
    "\n",
    "\t",
    "\r",
    "#",
    "# METADATA\n",
    "_",
    "$\"",
    "{{",
    "}}",
    "$`",
    "1",
    "-1",
    "1e999999999",
    "0x1",
    "1.5",
    "99999999999999999999999999",
    "é",
    "\u{0}",
    "\u{FEFF}",
    "\\u0000",
    "\\ud800",
    "data",
    "input",
    "set()",
    "and",
    "or",
    "rego.v1",
    "future.keywords",
    "walk(input)",
    "sprintf(\"%*d\", [1])",
    "numbers.range(1, 1e9)",
    "input[_][_]",
];

pub struct Corpus {
    pub cases: Vec<Case>,
    texts: Vec<String>,
}

impl Corpus {
    /// OPA's cases, and some generated policies (all there is where the Go module is not at hand).
    pub fn load() -> Result<Corpus, String> {
        let mut cases = Vec::new();
        if let Some(root) = cases::testdata() {
            cases.extend(cases::load(&root, "v1")?);
            cases.extend(cases::load(&root, "v0")?);
        }
        let cases = mutate::usable(cases);
        let mut texts: Vec<String> = cases.iter().flat_map(|case| case.modules.iter().cloned()).collect();
        let mut random = Random::new(0);
        for _ in 0..200 {
            texts.extend(generate::job(&mut random).modules.into_iter().map(|(_, text)| text));
        }
        Ok(Corpus { cases, texts })
    }

    pub fn text(&self, random: &mut Random) -> String {
        random.choose(&self.texts).clone()
    }

    /// A text with up to a dozen changes.
    pub fn changed(&self, random: &mut Random) -> Vec<u8> {
        let mut bytes = self.text(random).into_bytes();
        for _ in 0..random.between(1, 12) {
            self.change(random, &mut bytes);
            bytes.truncate(MOST_BYTES);
        }
        bytes
    }

    fn change(&self, random: &mut Random, bytes: &mut Vec<u8>) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(20)).min(bytes.len());
        match random.below(11) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            1 => bytes.insert(at, random.below(256) as u8),
            2 => {
                bytes.drain(at..end);
            }
            3..=5 => insert(bytes, at, random.pick(&PIECES).as_bytes()),
            6 => {
                let piece = bytes.get(at..end).unwrap_or_default().to_vec();
                let to = random.below(bytes.len() + 1);
                insert(bytes, to, &piece);
            }
            7 => {
                let other = self.text(random).into_bytes();
                let from = random.below(other.len() + 1);
                let until = (from + random.below(200)).min(other.len());
                insert(bytes, at, other.get(from..until).unwrap_or_default());
            }
            8 => bytes.truncate(at),
            9 => {
                // Deep nesting, and long chains.
                let piece =
                    random.pick(&["[", "{", "(", "not ", "[x | ", "{1: ", "a.", "f(", "1 + ", "-", "{x | {", "$\"{"]);
                let times = *random.choose(&[3, 50, 300, 2000]);
                insert(bytes, at, piece.repeat(times).as_bytes());
            }
            _ => {
                let piece = bytes.get(at..end).unwrap_or_default().repeat(random.below(40));
                insert(bytes, at, &piece);
            }
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let at = at.min(bytes.len());
    bytes.splice(at..at, piece.iter().copied());
}

/// A JSON text, more or less.
pub fn json(random: &mut Random) -> Vec<u8> {
    const PARTS: [&str; 34] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\":",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1",
        "1.0",
        "1e3",
        "1E+400",
        "-1e-400",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\ud800",
        "\\n",
        "é",
        " ",
        "\n",
        "\u{0}",
        "12345678901234567890123",
        "0.1000",
        "\"\"",
        "1e99999999999",
        "{\"a\":{}}",
        "[[]]",
        "\"x\"",
        "{\"b\":1,\"b\":2}",
    ];
    let mut bytes = generate::values::json(random, 4).into_bytes();
    if random.chance(20) {
        let (open, close) = *random.choose(&[("[", "]"), ("{\"a\":", "}")]);
        let times = *random.choose(&[5, 900, 1100, 5000]);
        bytes =
            format!("{}{}{}", open.repeat(times), String::from_utf8_lossy(&bytes), close.repeat(times)).into_bytes();
    }
    let times = if random.chance(40) { 0 } else { random.between(1, 6) };
    for _ in 0..times {
        let at = random.below(bytes.len() + 1);
        match random.below(4) {
            0 => insert(&mut bytes, at, random.pick(&PARTS).as_bytes()),
            1 => bytes.insert(at, random.below(256) as u8),
            2 => {
                let end = (at + random.below(4)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
    }
    bytes
}

/// What YAML is made of, and what its readers trip over.
const YAML_PIECES: [&str; 56] = [
    "a: ",
    "b: ",
    "- ",
    "? ",
    ": ",
    "key",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    "|",
    ">",
    "|-",
    ">+2",
    "&a ",
    "*a",
    "&b ",
    "*b",
    "<<: ",
    "!!str ",
    "!!map ",
    "!x ",
    "!",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "%TAG !e! tag:e,1:\n",
    "#",
    " # c",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "    ",
    "~",
    "yes",
    "1.10",
    "0x1f",
    "-1e9",
    "é",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{7}",
    "\\u0041",
    "\\x",
    "@",
    "`",
    "x x x",
];

/// Blocks of some lines, and pieces among them.
pub fn yaml(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.between(1, 30) {
        if random.below(3) == 0 {
            text.push_str(&" ".repeat(random.below(8)));
            text.push_str(random.pick(&[
                "a: &a {b: 1}\n",
                "- [x, *a]\n",
                "c: |\n    d\n",
                "e:\n",
                "- f: 1.10\n  g: no\n",
            ]));
        } else {
            text.push_str(random.pick(&YAML_PIECES));
        }
    }
    if random.below(20) == 0 {
        text = text.repeat(random.between(2, 200));
    }
    text
}
