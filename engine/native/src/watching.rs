//! What a caller may want to be told beside the value: the trace, the profile, the coverage of evaluations. A watch may
//! be given to many of them; it adds up.

use std::fmt;
use std::sync::Arc;

use crate::rego::eval::explain::{Coverage, Explain, Profile, Trace, Tracer, Tracers};
use crate::rego::values::json;

/// What is watched. Only [`crate::native`] tells it anything.
#[derive(Default)]
pub struct Watch {
    trace: Option<Arc<Trace>>,
    profile: Option<Arc<Profile>>,
    coverage: Option<Arc<Coverage>>,
}

impl Watch {
    pub fn new(trace: bool, profile: bool, coverage: bool) -> Watch {
        Watch {
            trace: trace.then(Arc::default),
            profile: profile.then(Arc::default),
            coverage: coverage.then(Arc::default),
        }
    }

    /// What the evaluation tells; none if nothing is wanted.
    pub fn tracer(&self) -> Option<Arc<dyn Tracer>> {
        let trace = self.trace.iter().map(|it| it.clone() as Arc<dyn Tracer>);
        let profile = self.profile.iter().map(|it| it.clone() as Arc<dyn Tracer>);
        let coverage = self.coverage.iter().map(|it| it.clone() as Arc<dyn Tracer>);
        let mut tracers: Vec<_> = trace.chain(profile).chain(coverage).collect();
        if tracers.len() > 1 { Some(Arc::new(Tracers(tracers))) } else { tracers.pop() }
    }

    /// The events as a text, one a line; empty if the trace is not watched.
    pub fn trace_text(&self, explain: Explain) -> String {
        self.trace.as_ref().map(|trace| trace.pretty(explain)).unwrap_or_default()
    }

    /// The events as a JSON list.
    pub fn trace_json(&self, explain: Explain) -> Option<Vec<u8>> {
        self.trace.as_ref().map(|trace| json::write(&trace.json(explain)))
    }

    /// The lines as a JSON list, the one that took longest first.
    pub fn profile_json(&self) -> Option<Vec<u8>> {
        self.profile.as_ref().map(|profile| json::write(&profile.report()))
    }

    /// The rules as a JSON list, the one that took longest first.
    pub fn rules_json(&self) -> Option<Vec<u8>> {
        self.profile.as_ref().map(|profile| json::write(&profile.rules()))
    }

    /// The report on these modules (file and text, as they were loaded) in the form of `opa test --coverage`.
    pub fn coverage_json(&self, modules: &[(String, String)], rego_v0: bool) -> Option<Vec<u8>> {
        self.coverage.as_ref().map(|coverage| json::write(&coverage.report(modules, rego_v0)))
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::evaluator::{Evaluator, Manner};
    use crate::native::{Loading, NativePolicies};

    fn watched(watch: Watch) -> Arc<Watch> {
        let watch = Arc::new(watch);
        let modules = [("p.rego".to_owned(), "package p\n\nallow if input.x == 1\n".to_owned())];
        let policies = NativePolicies::load(&modules, b"{}", Loading::default()).expect("loads");
        let manner = Manner { watch: Some(watch.clone()), ..Manner::within(Duration::from_secs(10)) };
        let value = policies.evaluate("p/allow", Some(br#"{"x": 1}"#), &manner).expect("evaluates");
        assert_eq!(value.as_deref(), Some(&b"true"[..]));
        watch
    }

    #[test]
    fn only_what_is_wanted_is_told() {
        let nothing = watched(Watch::default());
        assert!(nothing.tracer().is_none() && nothing.profile_json().is_none());
        let all = watched(Watch::new(true, true, true));
        assert!(all.trace_text(Explain::Full).contains("Exit data.p.allow"));
        let modules = [("p.rego".to_owned(), "package p\n\nallow if input.x == 1\n".to_owned())];
        let coverage = all.coverage_json(&modules, false).expect("watched");
        assert!(String::from_utf8_lossy(&coverage).contains(r#""coverage":100"#));
        let rules = all.rules_json().expect("watched");
        assert!(String::from_utf8_lossy(&rules).contains("data.p.allow"));
    }
}
