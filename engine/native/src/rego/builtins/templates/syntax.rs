//! The syntax tree of a template.

/// A part of a template.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Action(Pipeline),
    /// `if`, and `else` or nothing.
    If(Pipeline, Vec<Node>, Vec<Node>),
    /// `with`: the value becomes the dot.
    With(Pipeline, Vec<Node>, Vec<Node>),
    Range(Pipeline, Vec<Node>, Vec<Node>),
    Break,
    Continue,
}

/// Commands joined by `|`, and the variables that take the result.
#[derive(Debug)]
pub(super) struct Pipeline {
    pub variables: Vec<String>,
    /// `=` instead of `:=`.
    pub assigns: bool,
    pub commands: Vec<Vec<Operand>>,
}

/// One word of a command, and where it stands in the text.
#[derive(Debug)]
pub(super) struct Operand {
    pub word: Word,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug)]
pub(super) enum Word {
    Dot,
    Nil,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    /// `.a.b`
    Field(Vec<String>),
    /// `$x.a.b`
    Variable(String, Vec<String>),
    Function(String),
    Pipeline(Box<Pipeline>),
    /// `(…).a.b`
    Chain(Box<Operand>, Vec<String>),
}
