//! Prepared engines over parts of a snapshot.
//!
//! OPA evaluates only what an entrypoint reads. The interpreter does not: asked for `data.domains[x]`, it evaluates every
//! domain, so an error in one domain's rules would undecide the decisions of all. A view therefore holds the modules of
//! some domains only; which ones concern an input, the library says (`snapshot`). Base data is whole in every view,
//! and shared.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};

use crate::errors::{COMPILE_ERROR, Error, Result};
use crate::interpreter::extensions;
use crate::interpreter::source::{ModuleFacts, length_limits};

/// The package whose children are domains.
const DOMAINS: &str = "domains";

/// Views that are kept. An input names its domains, so there are as many combinations as callers can think of; beyond
/// these, a view is made for one evaluation and forgotten.
const MAX_VIEWS: usize = 256;

/// Steps between two looks at the clock: far less than a millisecond, and the look costs a hundredth of them.
const STEPS_BETWEEN_CHECKS: NonZeroU32 = NonZeroU32::new(256).unwrap();

type Module = (String, String);

/// A prepared engine. Evaluations clone it.
pub struct View {
    prototype: Engine,
    strict: OnceLock<Engine>,
}

impl View {
    pub fn engine(&self, strict_builtin_errors: bool) -> Engine {
        if !strict_builtin_errors {
            return self.prototype.clone();
        }
        let strict = self.strict.get_or_init(|| {
            let mut engine = self.prototype.clone();
            engine.set_strict_builtin_errors(true);
            engine
        });
        strict.clone()
    }
}

/// A view that whoever asks first prepares, while the others wait.
type Prepared = Arc<OnceLock<Result<Arc<View>>>>;

pub struct Views {
    /// All modules but the domains', and the data; not prepared.
    common: Engine,
    domains: BTreeMap<String, Vec<Module>>,
    kept: Mutex<HashMap<Vec<String>, Prepared>>,
}

impl Views {
    /// Parses the modules into an engine. `facts` are theirs, in the same order.
    pub fn new(modules: Vec<Module>, facts: &[ModuleFacts], data: Value) -> Result<Views> {
        let mut common = Engine::new();
        common.set_policy_length_config(length_limits());
        common.set_strict_builtin_errors(false);
        common.set_gather_prints(true);
        extensions::register(&mut common)?;
        common.add_data(data).map_err(|error| Error::TooDeep(error.to_string()))?;
        let mut domains: BTreeMap<String, Vec<Module>> = BTreeMap::new();
        for (module, facts) in modules.into_iter().zip(facts) {
            match facts.package.as_slice() {
                [root, name, ..] if root == DOMAINS => domains.entry(name.clone()).or_default().push(module),
                _ => add(&mut common, module)?,
            }
        }
        Ok(Views { common, domains, kept: Mutex::new(HashMap::new()) })
    }

    pub fn has_domains(&self) -> bool {
        !self.domains.is_empty()
    }

    pub fn everything(&self) -> Result<Arc<View>> {
        self.of(&self.domains.keys().cloned().collect::<Vec<_>>())
    }

    /// The view of these domains; names without modules do not matter.
    pub fn of(&self, names: &[String]) -> Result<Arc<View>> {
        let mut names: Vec<String> = names.iter().filter(|&name| self.domains.contains_key(name)).cloned().collect();
        names.sort();
        names.dedup();
        match self.place(&names) {
            Some(place) => place.get_or_init(|| self.prepare(&names)).clone(),
            None => self.prepare(&names),
        }
    }

    fn place(&self, names: &[String]) -> Option<Arc<OnceLock<Result<Arc<View>>>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = kept.get(names) {
            return Some(place.clone());
        }
        if kept.len() >= MAX_VIEWS {
            return None;
        }
        Some(kept.entry(names.to_vec()).or_default().clone())
    }

    fn prepare(&self, names: &[String]) -> Result<Arc<View>> {
        let mut engine = self.common.clone();
        for module in names.iter().filter_map(|name| self.domains.get(name)).flatten() {
            add(&mut engine, module.clone())?;
        }
        // Any query prepares: the analysis that finds unsafe variables, and the tables that every clone shares.
        engine.eval_query("true".into(), false).map_err(|error| Error::from_loading(&error, COMPILE_ERROR))?;
        Ok(Arc::new(View { prototype: engine, strict: OnceLock::new() }))
    }
}

fn add(engine: &mut Engine, (file, text): Module) -> Result<()> {
    engine.add_policy(file, text).map(|_| ()).map_err(|error| Error::from_loading(&error, crate::errors::PARSE_ERROR))
}

pub fn timer(limit: Duration) -> ExecutionTimerConfig {
    ExecutionTimerConfig { limit, check_interval: STEPS_BETWEEN_CHECKS }
}
