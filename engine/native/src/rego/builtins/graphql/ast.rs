//! GraphQL documents as trees, with the parts that OPA's documents show (the shape of the Go library gqlparser).

/// A place in the text, counted from one in characters; absent where a document came as an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Position {
    pub line: usize,
    pub column: usize,
}

pub(super) type At = Option<Position>;

/// Comment lines, each with its `#`.
pub(super) type Comments = Vec<String>;

#[derive(Debug, Clone, Default)]
pub(super) struct Query {
    pub operations: Vec<Operation>,
    pub fragments: Vec<Fragment>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Operation {
    /// `query`, `mutation` or `subscription`.
    pub kind: String,
    pub name: String,
    pub variables: Vec<Variable>,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub at: At,
    pub comment: Comments,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Fragment {
    pub name: String,
    pub variables: Vec<Variable>,
    pub condition: String,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub at: At,
    pub comment: Comments,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Variable {
    pub name: String,
    pub kind: Type,
    pub default: Option<Literal>,
    pub directives: Vec<Directive>,
    pub at: At,
    pub comment: Comments,
}

#[derive(Debug, Clone)]
pub(super) enum Selection {
    Field(Field),
    Spread(Spread),
    Inline(Inline),
}

#[derive(Debug, Clone, Default)]
pub(super) struct Field {
    pub alias: String,
    pub name: String,
    pub arguments: Vec<Argument>,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub at: At,
    pub comment: Comments,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Spread {
    pub name: String,
    pub directives: Vec<Directive>,
    pub at: At,
    pub comment: Comments,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Inline {
    pub condition: String,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub at: At,
    pub comment: Comments,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Argument {
    pub name: String,
    pub value: Literal,
    pub at: At,
    pub comment: Comments,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Directive {
    pub name: String,
    pub arguments: Vec<Argument>,
    pub at: At,
}

/// The kinds of literals in gqlparser's numbering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum LiteralKind {
    #[default]
    Variable,
    Int,
    Float,
    String,
    Block,
    Boolean,
    Null,
    Enum,
    List,
    Object,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Literal {
    pub kind: LiteralKind,
    pub raw: String,
    pub children: Vec<Child>,
    pub at: At,
    pub comment: Comments,
}

/// An element of a list, without a name, or a member of an object.
#[derive(Debug, Clone, Default)]
pub(super) struct Child {
    pub name: String,
    pub value: Literal,
    pub at: At,
    pub comment: Comments,
}

impl Literal {
    /// As it would be written.
    pub fn text(&self) -> String {
        let join = |parts: Vec<String>| parts.join(",");
        match self.kind {
            LiteralKind::Variable => format!("${}", self.raw),
            LiteralKind::String | LiteralKind::Block => format!("{:?}", self.raw),
            LiteralKind::List => {
                format!("[{}]", join(self.children.iter().map(|child| child.value.text()).collect()))
            }
            LiteralKind::Object => {
                let member = |child: &Child| format!("{}:{}", child.name, child.value.text());
                format!("{{{}}}", join(self.children.iter().map(member).collect()))
            }
            _ => self.raw.clone(),
        }
    }
}

/// A named type or a list of an element type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Type {
    pub named: String,
    pub element: Option<Box<Type>>,
    pub non_null: bool,
    pub at: At,
}

impl Type {
    pub fn named(name: &str, non_null: bool) -> Self {
        Type { named: name.to_owned(), element: None, non_null, at: None }
    }

    /// The name at the bottom.
    pub fn name(&self) -> &str {
        let mut here = self;
        while here.named.is_empty()
            && let Some(element) = &here.element
        {
            here = element;
        }
        &here.named
    }

    pub fn text(&self) -> String {
        let mark = if self.non_null { "!" } else { "" };
        match &self.element {
            Some(element) if self.named.is_empty() => format!("[{}]{mark}", element.text()),
            _ => format!("{}{mark}", self.named),
        }
    }

    /// Whether a value of this type fits where the other is expected.
    pub fn fits(&self, other: &Type) -> bool {
        if self.named != other.named || (other.non_null && !self.non_null) {
            return false;
        }
        match (&self.element, &other.element) {
            (Some(own), Some(expected)) => own.fits(expected),
            (Some(_), None) => false,
            (None, _) => true,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Schema {
    pub schemas: Vec<Entry>,
    pub schema_extensions: Vec<Entry>,
    pub directives: Vec<DirectiveDefinition>,
    pub definitions: Vec<Definition>,
    pub extensions: Vec<Definition>,
    pub comment: Comments,
}

/// `schema { … }`: which types the operations begin at.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub description: String,
    pub directives: Vec<Directive>,
    pub operations: Vec<OperationType>,
    pub at: At,
    pub notes: Notes,
}

#[derive(Debug, Clone, Default)]
pub(super) struct OperationType {
    pub operation: String,
    pub kind: String,
    pub at: At,
    pub comment: Comments,
}

/// Comments around a definition.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    pub before: Comments,
    pub after: Comments,
    pub end: Comments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
    /// Of a syntax tree handed over as an object, whose definition names no kind or none that there is; OPA takes
    /// it, and only the rules that hold for every kind apply.
    Unknown,
}

impl Kind {
    pub const NAMED: [Kind; 6] =
        [Kind::Scalar, Kind::Object, Kind::Interface, Kind::Union, Kind::Enum, Kind::InputObject];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Scalar => "SCALAR",
            Kind::Object => "OBJECT",
            Kind::Interface => "INTERFACE",
            Kind::Union => "UNION",
            Kind::Enum => "ENUM",
            Kind::InputObject => "INPUT_OBJECT",
            Kind::Unknown => "",
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Definition {
    pub kind: Kind,
    pub description: String,
    pub name: String,
    pub directives: Vec<Directive>,
    pub interfaces: Vec<String>,
    pub fields: Vec<FieldDefinition>,
    pub types: Vec<(String, At)>,
    pub values: Vec<EnumValue>,
    pub built_in: bool,
    pub at: At,
    pub notes: Notes,
}

impl Definition {
    pub fn is_leaf(&self) -> bool {
        matches!(self.kind, Kind::Scalar | Kind::Enum)
    }

    pub fn is_composite(&self) -> bool {
        matches!(self.kind, Kind::Object | Kind::Interface | Kind::Union)
    }

    pub fn is_input(&self) -> bool {
        matches!(self.kind, Kind::Scalar | Kind::Enum | Kind::InputObject)
    }

    pub fn field(&self, name: &str) -> Option<&FieldDefinition> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A field of a type, or of an input object, or an argument: those have defaults and no arguments.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldDefinition {
    pub description: String,
    pub name: String,
    pub arguments: Vec<FieldDefinition>,
    pub default: Option<Literal>,
    pub kind: Type,
    pub directives: Vec<Directive>,
    pub at: At,
    pub notes: Notes,
}

#[derive(Debug, Clone, Default)]
pub(super) struct EnumValue {
    pub description: String,
    pub name: String,
    pub directives: Vec<Directive>,
    pub at: At,
    pub notes: Notes,
}

#[derive(Debug, Clone, Default)]
pub(super) struct DirectiveDefinition {
    pub description: String,
    pub name: String,
    pub arguments: Vec<FieldDefinition>,
    pub locations: Vec<String>,
    pub repeatable: bool,
    pub at: At,
    pub notes: Notes,
}
