//! The top level of a file: package, imports, rules, and expressions that may be rules.

use super::super::ast::{Import, Package, Ref, Span, Term, TermKind};
use super::super::token::{Keywords, Token, is_reserved};
use super::terms::kind_name;
use super::{MAX_ERRORS, Parser, RegoVersion, Statement};

impl Parser<'_> {
    /// All statements; after a wrong one, reading goes on where the next seems to begin, so that more than one
    /// error can be reported.
    pub(super) fn parse_statements(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        while self.token() != Token::Eof {
            let errors = self.state.errors.len();
            let read = self.statement(&mut statements);
            if read && self.state.errors.len() == errors {
                continue;
            }
            if self.exhausted || self.skip_rules || self.state.errors.len() >= MAX_ERRORS {
                break;
            }
            if !read {
                self.recover();
            }
        }
        statements
    }

    /// Skips to a word in the first column of a later line.
    fn recover(&mut self) {
        loop {
            self.state.hints.clear();
            let errors = self.state.errors.len();
            self.scan();
            // Complaints of the lexer inside skipped text are consequences as a rule.
            self.state.errors.truncate(errors);
            if self.token() == Token::Eof || self.exhausted {
                return;
            }
            if self.state.lexeme.col == 1
                && self.literal().starts_with(|c: char| c.is_ascii_alphabetic())
                && self.token() != Token::Illegal
            {
                return;
            }
        }
    }

    /// One statement; false when none could be read.
    fn statement(&mut self, statements: &mut Vec<Statement>) -> bool {
        let before = self.state.errors.len();
        let start = self.save();
        if self.token() == Token::Package {
            if let Some(package) = self.package() {
                statements.push(Statement::Package(package));
                return true;
            }
            if self.state.errors.len() > before {
                return false;
            }
            self.restore(start.clone());
        }
        if self.token() == Token::Import {
            if let Some(import) = self.import() {
                self.apply_language_import(&import);
                statements.push(Statement::Import(import));
                return true;
            }
            if self.state.errors.len() > before {
                return false;
            }
            self.restore(start.clone());
        }
        if !self.skip_rules {
            if let Some(rules) = self.rules() {
                statements.extend(rules.into_iter().map(|rule| Statement::Rule(Box::new(rule))));
                return true;
            }
            if self.state.errors.len() > before {
                return false;
            }
            self.restore(start);
        }
        match self.query(true, Token::Eof) {
            Some(body) => {
                statements.push(Statement::Body(body));
                true
            }
            None => false,
        }
    }

    /// After `package` or `import`: on to the path. Nothing when the word is the head of a reference.
    fn path_after_keyword(&mut self) -> Option<()> {
        self.scan_space();
        if matches!(self.token(), Token::Dot | Token::LBrack) {
            return None;
        }
        if self.token() == Token::Whitespace {
            self.scan();
        }
        if self.token() != Token::Ident {
            if !self.may_be_in_reference(self.token()) {
                self.illegal("");
                return None;
            }
            self.state.token = Token::Ident;
        }
        Some(())
    }

    fn package(&mut self) -> Option<Package> {
        let at = self.here();
        self.path_after_keyword()?;
        let parts = match self.term().map(|term| (term.span, term.kind)) {
            Some((span, TermKind::Var(name))) => vec![Term::var(name, span)],
            Some((_, TermKind::Ref(reference))) => reference.0,
            Some(_) => {
                self.illegal("");
                return None;
            }
            None => {
                if self.state.errors.is_empty() {
                    self.error("expected path");
                }
                return None;
            }
        };
        let mut path = Vec::with_capacity(parts.len() + 1);
        for (index, part) in parts.into_iter().enumerate() {
            match (index, part.kind) {
                (0, TermKind::Var(name)) => {
                    path.push(Term::var("data", part.span));
                    path.push(Term::string(name, part.span));
                }
                (0, kind) => {
                    self.error_on(part.span, format!("unexpected {} token: expecting var", kind_name(&kind)));
                    return None;
                }
                (_, TermKind::String(name)) => path.push(Term::string(name, part.span)),
                (_, kind) => {
                    self.error_on(part.span, format!("unexpected {} token: expecting string", kind_name(&kind)));
                    return None;
                }
            }
        }
        Some(Package { path: Ref(path), span: at })
    }

    fn import(&mut self) -> Option<Import> {
        let at = self.here();
        self.path_after_keyword()?;
        // Paths are read without future keywords, so that they can be named once imported.
        let keywords = self.keywords();
        self.state.lexer.keywords = Keywords::PRESENT;
        let term = self.term();
        self.state.lexer.keywords = keywords;
        let path = match term {
            Some(Term { kind: TermKind::Ref(reference), span }) => {
                for part in reference.iter().skip(1) {
                    if part.as_string().is_none() {
                        let kind = kind_name(&part.kind);
                        self.error_on(part.span, format!("unexpected {kind} token: expecting string"));
                        return None;
                    }
                }
                Term::new(TermKind::Ref(reference), span)
            }
            Some(term @ Term { kind: TermKind::Var(_), .. }) => {
                let span = term.span;
                Term::reference(vec![term], span)
            }
            _ => {
                self.error("expected path");
                return None;
            }
        };
        self.check_import_root(&path)?;
        let mut import = Import { path, alias: None, span: at };
        if self.token() == Token::As {
            self.scan();
            if self.token() != Token::Ident {
                self.illegal("expected var");
                return None;
            }
            match self.term().map(|term| term.kind) {
                Some(TermKind::Var(alias)) => import.alias = Some(alias),
                _ => {
                    self.illegal("expected var");
                    return None;
                }
            }
            return Some(import);
        }
        self.check_import_name(&import);
        Some(import)
    }

    fn check_import_root(&mut self, path: &Term) -> Option<()> {
        let root = path.as_ref_parts()?.first()?.clone();
        if root.as_var().is_some_and(|name| matches!(&**name, "data" | "input" | "future" | "rego")) {
            return Some(());
        }
        self.hint("if this is unexpected, try updating OPA");
        self.error_on(
            path.span,
            format!("unexpected import path, must begin with one of: {{data, future, input, rego}}, got: {root}"),
        );
        None
    }

    /// The last word of a path names the import and must be no keyword.
    fn check_import_name(&mut self, import: &Import) {
        let parts = import.reference();
        let future = matches!(parts.first().and_then(Term::as_var), Some(name) if &**name == "future");
        let Some((last, name)) = parts.last().and_then(|last| Some((last.span, import.name()?.clone()))) else {
            return;
        };
        if is_reserved(&name, self.version == RegoVersion::V0) && !(future && parts.len() > 1) {
            self.hint("import a different path or use an alias");
            self.error_on(last, format!("unexpected import path, must not end with a keyword, got: {name}"));
        }
    }

    /// `import rego.v1` and `import future.keywords…` change the words that are keywords from here on.
    fn apply_language_import(&mut self, import: &Import) {
        let at = import.path.span;
        let parts = import.reference();
        match parts.first().and_then(Term::as_var).map(|name| &**name) {
            Some("rego") => self.import_rego(import, at),
            Some("future") => self.import_future(import, at),
            _ => {}
        }
    }

    fn import_rego(&mut self, import: &Import, at: Span) {
        let parts = import.reference();
        if !matches!(parts, [_, version] if version.as_string().is_some_and(|v| &**v == "v1")) {
            let path = Ref(parts.to_vec());
            self.error_on(at, format!("invalid import `{path}`, must be `rego.v1`"));
        } else if self.version == RegoVersion::V1 {
            // A no-op where v1 is the language.
        } else if import.alias.is_some() {
            self.error_on(at, "`rego` imports cannot be aliased");
        } else {
            self.state.lexer.keywords = self.keywords().with(Keywords::V1);
        }
    }

    fn import_future(&mut self, import: &Import, at: Span) {
        let parts = import.reference();
        if parts.get(1).and_then(Term::as_string).is_none_or(|name| &**name != "keywords") {
            self.error_on(at, "invalid import, must be `future.keywords`");
            return;
        }
        if import.alias.is_some() {
            self.error_on(at, "`future` imports cannot be aliased");
            return;
        }
        let mut allowed = self.options.allowed_future_keywords.clone();
        if self.version == RegoVersion::V1 {
            allowed.extend(["contains", "every", "if", "in"].map(String::from));
        }
        allowed.sort();
        allowed.dedup();
        if let [_, _, name] = parts {
            let name = name.as_string().map_or("", |name| &**name);
            if !allowed.iter().any(|word| word == name) {
                self.error_on(at, format!("unexpected keyword, must be one of [{}]", allowed.join(" ")));
                return;
            }
            allowed = vec![name.to_owned()];
        }
        for name in &allowed {
            if let Some(keyword) = Keywords::named(name) {
                self.state.lexer.keywords = self.keywords().with(keyword);
                self.state.not_bodies |= name == "not";
            }
        }
    }
}
