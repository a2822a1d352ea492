//! What one evaluation is told about its world, kept on the thread that evaluates: its instant, and how strictly it
//! takes the errors of built-ins. Extensions read it; regorus hands them nothing but their arguments.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// What `time.now_ns()` answers: nanoseconds since 1970.
    pub at_ns: i64,
    pub strict_builtin_errors: bool,
}

thread_local! {
    static CURRENT: Cell<Circumstances> = const {
        Cell::new(Circumstances { at_ns: 0, strict_builtin_errors: false })
    };
}

impl Circumstances {
    pub fn current() -> Circumstances {
        CURRENT.get()
    }

    /// From here on, on this thread.
    pub fn begin(self) {
        CURRENT.set(self);
    }
}

/// The present. Beyond the year 2262 there are no nanoseconds left in 64 bits.
pub fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
