//! From statements to a module.

use super::super::ast::{Module, Ref, RegoVersion, Term};
use super::rule_from_body::rule_from_body;
use super::{Error, Import, Package, Parser, Rule, Span, Statement};

/// Where a statement begins and what it is, for the METADATA blocks above it.
pub(super) struct Placed {
    pub row: u32,
    pub kind: PlacedKind,
}

#[derive(Clone, Copy)]
pub(super) enum PlacedKind {
    Package,
    Import,
    /// Index into the module's rules.
    Rule(usize),
}

/// What has been gathered of a module.
#[derive(Default)]
struct Gathered {
    package: Option<Package>,
    imports: Vec<Import>,
    rules: Vec<Rule>,
    placed: Vec<Placed>,
    version: RegoVersion,
}

impl Parser<'_> {
    pub(super) fn into_module(mut self, statements: Vec<Statement>) -> Result<Module, Vec<Error>> {
        let blocks = if self.options.annotations { self.metadata_blocks() } else { Vec::new() };
        if !self.state.errors.is_empty() {
            return Err(self.into_errors());
        }
        if statements.is_empty() {
            let error = match blocks.first() {
                Some(block) => self.error_at(block.annotations.span, "package expected".into()),
                None => self.error_at(Span::default(), "empty module".into()),
            };
            return Err(vec![error]);
        }
        let mut errors = Vec::new();
        let mut gathered = Gathered { version: self.version, ..Gathered::default() };
        for (index, statement) in statements.into_iter().enumerate() {
            self.gather(index, statement, &mut gathered, &mut errors);
        }
        if gathered.version.is_v1_compatible() {
            for rule in &gathered.rules {
                self.check_v1_rule(rule, &mut errors);
            }
        }
        let Some(package) = gathered.package.filter(|_| errors.is_empty()) else {
            return Err(errors);
        };
        let mut module = Module {
            file: self.file.clone(),
            package,
            imports: gathered.imports,
            rules: gathered.rules,
            annotations: Vec::new(),
            comments: Vec::new(),
            version: gathered.version,
        };
        self.attach_annotations(&mut module, blocks, &gathered.placed, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        self.comments.truncate(self.state.comments);
        module.comments = self.comments;
        Ok(module)
    }

    fn gather(&self, index: usize, statement: Statement, gathered: &mut Gathered, errors: &mut Vec<Error>) {
        let span = match &statement {
            Statement::Package(package) => package.span,
            Statement::Import(import) => import.span,
            Statement::Rule(rule) => rule.span,
            Statement::Body(body) => body.first().map(|expr| expr.span).unwrap_or_default(),
        };
        let is_package = matches!(statement, Statement::Package(_));
        if index == 0 && !is_package {
            errors.push(self.error_at(span, "package expected".into()));
        }
        let kind = match statement {
            Statement::Package(_) if index > 0 => {
                errors.push(self.error_at(span, "unexpected package".into()));
                PlacedKind::Package
            }
            Statement::Package(package) => {
                gathered.package = Some(package);
                PlacedKind::Package
            }
            // OPA looks no further at a first statement that is no package.
            _ if index == 0 => return,
            Statement::Import(import) => {
                if gathered.version == RegoVersion::V0 && is_rego_v1(import.reference()) {
                    gathered.version = RegoVersion::V0CompatV1;
                }
                gathered.imports.push(import);
                PlacedKind::Import
            }
            Statement::Rule(rule) => {
                gathered.rules.push(*rule);
                PlacedKind::Rule(gathered.rules.len() - 1)
            }
            Statement::Body(body) => match rule_from_body(body) {
                Ok(rule) => {
                    gathered.rules.push(rule);
                    PlacedKind::Rule(gathered.rules.len() - 1)
                }
                Err(message) => {
                    errors.push(self.error_at(span, message));
                    return;
                }
            },
        };
        let row = match kind {
            PlacedKind::Rule(at) => gathered.rules.get(at).map_or(span.row, |rule| rule.span.row),
            _ => span.row,
        };
        gathered.placed.push(Placed { row, kind });
    }
}

fn is_rego_v1(parts: &[Term]) -> bool {
    matches!(parts, [root, version]
        if root.as_var().is_some_and(|v| &**v == "rego") && version.as_string().is_some_and(|v| &**v == "v1"))
}

/// The longest beginning of a reference without variables below its head.
pub(super) fn ground_prefix(reference: &Ref) -> &[Term] {
    let ground =
        reference.iter().enumerate().take_while(|(at, part)| *at == 0 || super::super::visit::is_ground(part)).count();
    reference.get(..ground).unwrap_or(&[])
}
