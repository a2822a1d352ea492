//! METADATA blocks: comments in the first column, from `# METADATA` to the first line that breaks the block, whose
//! text is YAML.

use std::sync::Arc;

use yaml_serde::Value as Yaml;

use super::super::annotations::{
    Annotations, Author, CompileHints, Document, Members, RelatedResource, Schema, Scope, Target,
};
use super::super::ast::{Comment, Ref, Span, TermKind};
use super::super::options::ParseOptions;
use super::yaml_errors::yaml_refusal;
use super::{Parser, RegoVersion, parse_reference, parse_term};

/// A block and the scope as written; which statement it belongs to is settled later.
pub(super) struct Block {
    pub annotations: Annotations,
    pub scope: String,
}

/// Why a block is refused, and where if not at its first line.
pub(super) struct Refusal {
    pub message: String,
    pub at: Option<Span>,
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Refusal { message, at: None }
    }
}

fn begins_block(comment: &Comment) -> bool {
    comment.span.col == 1 && comment.text.trim().starts_with("METADATA")
}

impl Parser<'_> {
    /// All blocks of the file; malformed ones are recorded as errors.
    pub(super) fn metadata_blocks(&mut self) -> Vec<Block> {
        let comments = self.comments.get(..self.state.comments).unwrap_or(&[]);
        let mut blocks = Vec::new();
        let mut refusals = Vec::new();
        for (at, comment) in comments.iter().enumerate() {
            if !begins_block(comment) {
                continue;
            }
            let mut end = at + 1;
            let mut row = comment.span.row;
            while let Some(line) = comments.get(end)
                && line.span.col == 1
                && line.span.row == row + 1
                && !begins_block(line)
            {
                row = line.span.row;
                end += 1;
            }
            let lines = comments.get(at + 1..end).unwrap_or(&[]);
            match read_block(comment.span, lines) {
                Ok(block) => blocks.push(block),
                Err(refusal) => refusals.push((refusal.at.unwrap_or(comment.span), refusal.message)),
            }
        }
        for (span, message) in refusals {
            self.error_on(span, message);
        }
        blocks
    }
}

fn read_block(span: Span, lines: &[Comment]) -> Result<Block, Refusal> {
    let text: String =
        lines.iter().map(|line| format!("{}\n", line.text.strip_prefix(' ').unwrap_or(&line.text))).collect();
    if text.trim().is_empty() {
        return Err("expected METADATA block, found whitespace".to_owned().into());
    }
    let mut yaml: Yaml = yaml_serde::from_str(&text).map_err(|error| yaml_refusal(&error.to_string(), lines))?;
    yaml.apply_merge().map_err(|error| format!("yaml: {error}"))?;
    let fields = match &yaml {
        Yaml::Mapping(_) | Yaml::Null => Fields { yaml: &yaml, lines },
        _ => return Err(mismatch(lines.get(1).or(lines.last()), "", "mapping")),
    };
    let annotations = Annotations {
        scope: Scope::Rule,
        target: Target::Package,
        title: fields.text("title")?,
        entrypoint: fields.flag("entrypoint")?,
        description: fields.text("description")?,
        organizations: fields.texts("organizations")?,
        related_resources: fields.list("related_resources")?.iter().map(related_resource).collect::<Result<_, _>>()?,
        authors: fields.list("authors")?.iter().map(author).collect::<Result<_, _>>()?,
        schemas: fields.mappings("schemas")?.iter().map(schema).collect::<Result<_, _>>()?,
        compile: fields.map("compile")?.map(compile_hints).transpose()?,
        custom: fields.documents("custom")?,
        labels: fields.documents("labels")?,
        span,
        end_row: lines.last().map_or(span.row, |line| line.span.row),
    };
    Ok(Block { annotations, scope: fields.text("scope")? })
}

fn mismatch(line: Option<&Comment>, key: &str, wanted: &str) -> Refusal {
    Refusal {
        message: format!("yaml: unmarshal errors: cannot unmarshal {key} into {wanted}"),
        at: line.map(|line| line.span),
    }
}

/// The fields of a block; a value of the wrong kind is an error at the line after its key, as OPA counts.
struct Fields<'a> {
    yaml: &'a Yaml,
    lines: &'a [Comment],
}

impl<'a> Fields<'a> {
    fn get(&self, key: &str) -> Option<&'a Yaml> {
        self.yaml.get(key).filter(|value| !value.is_null())
    }

    fn wrong(&self, key: &str, wanted: &str) -> Refusal {
        let at = self.lines.iter().position(|line| line.text.trim_start().starts_with(key)).unwrap_or(0);
        mismatch(self.lines.get(at + 1).or(self.lines.last()), key, wanted)
    }

    fn text(&self, key: &str) -> Result<String, Refusal> {
        match self.get(key) {
            None => Ok(String::new()),
            Some(value) => scalar(value).ok_or_else(|| self.wrong(key, "string")),
        }
    }

    fn flag(&self, key: &str) -> Result<bool, Refusal> {
        match self.get(key) {
            None => Ok(false),
            Some(Yaml::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(key, "bool")),
        }
    }

    fn list(&self, key: &str) -> Result<&'a [Yaml], Refusal> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Yaml::Sequence(items)) => Ok(items),
            Some(_) => Err(self.wrong(key, "list")),
        }
    }

    /// A list of mappings only.
    fn mappings(&self, key: &str) -> Result<&'a [Yaml], Refusal> {
        let items = self.list(key)?;
        if items.iter().all(Yaml::is_mapping) { Ok(items) } else { Err(self.wrong(key, "mapping")) }
    }

    fn texts(&self, key: &str) -> Result<Vec<String>, Refusal> {
        self.list(key)?.iter().map(|item| scalar(item).ok_or_else(|| self.wrong(key, "string"))).collect()
    }

    fn map(&self, key: &str) -> Result<Option<&'a Yaml>, Refusal> {
        match self.get(key) {
            None => Ok(None),
            Some(map @ Yaml::Mapping(_)) => Ok(Some(map)),
            Some(_) => Err(self.wrong(key, "mapping")),
        }
    }

    fn documents(&self, key: &str) -> Result<Option<Members>, Refusal> {
        let Some(map) = self.map(key)? else { return Ok(None) };
        match document(map, true)? {
            Document::Object(members) => Ok(Some(members)),
            _ => Ok(None),
        }
    }
}

/// A scalar as text; nothing for lists and mappings.
fn scalar(value: &Yaml) -> Option<String> {
    match value {
        Yaml::String(text) => Some(text.clone()),
        Yaml::Bool(flag) => Some(flag.to_string()),
        Yaml::Number(number) => Some(number.to_string()),
        Yaml::Null => Some(String::new()),
        _ => None,
    }
}

/// A YAML value as a JSON document; keys must be strings but at the top, where scalars become strings.
fn document(value: &Yaml, top: bool) -> Result<Document, Refusal> {
    Ok(match value {
        Yaml::Null => Document::Null,
        Yaml::Bool(flag) => Document::Boolean(*flag),
        Yaml::Number(number) => Document::Number(number_text(number).into()),
        Yaml::String(text) => Document::String(text.as_str().into()),
        Yaml::Sequence(items) => Document::Array(items.iter().map(|i| document(i, false)).collect::<Result<_, _>>()?),
        Yaml::Mapping(members) => {
            let mut object = Vec::with_capacity(members.len());
            for (key, value) in members {
                let key = match key {
                    Yaml::String(text) => text.clone(),
                    key if top => scalar(key).unwrap_or_default(),
                    _ => return Err("invalid map key type(s): ".to_owned().into()),
                };
                object.push((Arc::<str>::from(key), document(value, false)?));
            }
            object.sort_by(|a, b| a.0.cmp(&b.0));
            Document::Object(object)
        }
        Yaml::Tagged(tagged) => document(&tagged.value, top)?,
    })
}

fn number_text(number: &yaml_serde::Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => format!("{float}"),
        _ => number.to_string(),
    }
}

/// An address as Go's `net/url` reads and prints it: characters that may not stand in one are percent-encoded.
fn address(text: &str) -> Result<String, Refusal> {
    let refuse = |why: &str| Err(format!("invalid related-resource definition {text}: parse \"{text}\": {why}").into());
    if text.chars().any(|c| c.is_ascii_control()) {
        return refuse("net/url: invalid control character in URL");
    }
    let segment = text.split(['/', '?', '#']).next().unwrap_or("");
    if let Some((scheme, _)) = segment.split_once(':') {
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        if scheme.is_empty() {
            return refuse("missing protocol scheme");
        }
        if !is_scheme {
            return refuse("first path segment in URL cannot contain colon");
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' if !rest.clone().take(2).all(|b| b.is_ascii_hexdigit()) || rest.len() < 2 => {
                return refuse("invalid URL escape");
            }
            b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0x7f.. => {
                out.push_str(&format!("%{byte:02X}"));
            }
            _ => out.push(char::from(byte)),
        }
    }
    Ok(out)
}

/// A trimmed field of a mapping; absent and other than text are empty.
fn field(value: &Yaml, key: &str) -> String {
    value.get(key).and_then(Yaml::as_str).unwrap_or("").trim().to_owned()
}

fn related_resource(value: &Yaml) -> Result<RelatedResource, Refusal> {
    match value {
        Yaml::String(text) if !text.is_empty() => {
            Ok(RelatedResource { reference: address(text)?, description: String::new() })
        }
        Yaml::String(_) => {
            Err("invalid related-resource definition : ref URL may not be empty string".to_owned().into())
        }
        Yaml::Mapping(_) => {
            let (reference, description) = (field(value, "ref"), field(value, "description"));
            if reference.is_empty() {
                return Err("invalid related-resource definition: 'ref' value required in object".to_owned().into());
            }
            Ok(RelatedResource { reference: address(&reference)?, description })
        }
        _ => Err("invalid related-resource definition: invalid value type, must be string or map".to_owned().into()),
    }
}

/// `Name <email>` or a mapping of both.
fn author(value: &Yaml) -> Result<Author, Refusal> {
    match value {
        Yaml::String(text) => {
            let mut words: Vec<&str> = text.split_whitespace().collect();
            let Some(last) = words.last().copied() else {
                return Err("invalid author definition : author is an empty string".to_owned().into());
            };
            let email = last.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
            if email.is_some() {
                words.pop();
            }
            Ok(Author { name: words.join(" "), email: email.unwrap_or("").to_owned() })
        }
        Yaml::Mapping(_) => {
            let (name, email) = (field(value, "name"), field(value, "email"));
            if name.is_empty() && email.is_empty() {
                let message = "invalid author definition: 'name' and/or 'email' values required in object";
                return Err(message.to_owned().into());
            }
            Ok(Author { name, email })
        }
        _ => Err("invalid author definition: invalid value type, must be string or map".to_owned().into()),
    }
}

/// `path: schema.ref` or `path: {…}`.
fn schema(value: &Yaml) -> Result<Schema, Refusal> {
    let pair = value.as_mapping().and_then(|map| map.iter().next());
    let Some((Yaml::String(path), definition)) = pair else {
        return Err("invalid document reference".to_owned().into());
    };
    let parsed = parse_reference(path).ok().filter(is_written_reference);
    let Some(parsed) = parsed else { return Err("invalid document reference".to_owned().into()) };
    match definition {
        Yaml::String(text) => {
            let reference = parse_reference(text)
                .ok()
                .filter(|r| matches!(r.first().map(|t| &t.kind), Some(TermKind::Var(name)) if &**name == "schema"));
            let Some(reference) = reference else { return Err("invalid schema reference".to_owned().into()) };
            Ok(Schema { path: parsed, schema: Some(reference), definition: None })
        }
        Yaml::Mapping(_) => Ok(Schema { path: parsed, schema: None, definition: Some(document(definition, true)?) }),
        _ => Err(format!("invalid schema declaration for path \"{path}\"").into()),
    }
}

/// A lone name is no reference unless it is a root.
fn is_written_reference(reference: &Ref) -> bool {
    reference.len() > 1
        || reference.first().and_then(|t| t.as_var()).is_some_and(|name| matches!(&**name, "data" | "input"))
}

fn compile_hints(value: &Yaml) -> Result<CompileHints, Refusal> {
    let mut hints = CompileHints::default();
    if let Some(Yaml::Sequence(unknowns)) = value.get("unknowns") {
        for text in unknowns.iter().filter_map(Yaml::as_str) {
            match parse_reference(text).ok().filter(is_written_reference) {
                Some(reference) => hints.unknowns.push(reference),
                None => return Err(format!("invalid unknowns element \"{text}\"").into()),
            }
        }
    }
    if let Some(text) = value.get("mask_rule").and_then(Yaml::as_str) {
        let term = parse_term(text, RegoVersion::V1, &ParseOptions::default())
            .map_err(|_| format!("invalid mask_rule annotation \"{text}\""))?;
        hints.mask_rule = match term.kind {
            TermKind::Ref(reference) => Some(reference),
            TermKind::Var(_) | TermKind::String(_) => Some(Ref(vec![term])),
            _ => return Err(format!("invalid mask_rule annotation type \"{text}\"").into()),
        };
    }
    Ok(hints)
}
