//! A panic of somebody else's code over hostile text: an outcome like another, and nothing that is printed.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static IS_EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// What the job answers; `None` where it panicked.
pub fn caught<T>(job: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_EXPECTED.get() {
                told(panic);
            }
        }));
    });
    IS_EXPECTED.set(true);
    let answer = panic::catch_unwind(AssertUnwindSafe(job));
    IS_EXPECTED.set(false);
    answer.ok()
}
