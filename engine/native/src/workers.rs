//! The threads that evaluate. Their stacks are large because the interpreter recurses as deep as rules depend on each
//! other (`checks` bounds that), and a stack that ends takes the whole process with it. A panic ends a job, not its thread.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::errors::{Error, Result};

/// Virtual memory: pages are touched only as far as an evaluation goes. `checks::MAX_RULE_CHAIN` is chosen to fit.
pub const STACK_BYTES: usize = 256 << 20;

/// Jobs that wait at most, over all callers: some tenths of a second of work on one core. More would only wait for
/// their deadline.
pub const MAX_WAITING: usize = 8_192;

/// Evaluation is bound to the processor: more threads than cores would only take turns.
const MAX_WORKERS: usize = 64;

/// How long after its deadline an evaluation may take to notice it.
const GRACE: Duration = Duration::from_secs(1);

const THREAD_NAME: &str = "bylaw-evaluator";

type Job = Box<dyn FnOnce() + Send>;

struct Queue {
    waiting: Mutex<VecDeque<Job>>,
    ready: Condvar,
}

pub struct Pool {
    queue: Arc<Queue>,
    capacity: usize,
}

static GLOBAL: Mutex<Option<(u32, Arc<Pool>)>> = Mutex::new(None);

impl Pool {
    /// The pool of this process. A forked child has none of its parent's threads, so it starts its own.
    pub fn global() -> Result<Arc<Pool>> {
        let mut global = lock(&GLOBAL);
        let process = std::process::id();
        if let Some((owner, pool)) = global.as_ref()
            && *owner == process
        {
            return Ok(pool.clone());
        }
        let workers = thread::available_parallelism().map_or(1, usize::from).min(MAX_WORKERS);
        let pool = Arc::new(Pool::start(workers, MAX_WAITING)?);
        *global = Some((process, pool.clone()));
        Ok(pool)
    }

    pub fn start(workers: usize, capacity: usize) -> Result<Pool> {
        silence_panics_of_workers();
        let queue = Arc::new(Queue { waiting: Mutex::new(VecDeque::new()), ready: Condvar::new() });
        for _ in 0..workers {
            let queue = queue.clone();
            thread::Builder::new()
                .name(THREAD_NAME.into())
                .stack_size(STACK_BYTES)
                .spawn(move || work(&queue))
                .map_err(|error| Error::Unavailable(format!("no thread to evaluate on: {error}")))?;
        }
        Ok(Pool { queue, capacity })
    }

    /// Hands a job to the next free worker, or refuses it at once.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) -> Result<()> {
        let mut waiting = lock(&self.queue.waiting);
        if waiting.len() >= self.capacity {
            return Err(Error::Unavailable(format!("{} evaluations are waiting already", self.capacity)));
        }
        waiting.push_back(Box::new(job));
        drop(waiting);
        self.queue.ready.notify_one();
        Ok(())
    }

    /// Runs on a worker what the caller waits for, at most until an instant: a built-in that does not return cannot be
    /// stopped, but its caller can.
    pub fn run<T: Send + 'static>(
        &self,
        until: Option<Instant>,
        job: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.submit(move || {
            let _ = answer.send(guarded(job));
        })?;
        let gone = || Err(Error::Unavailable("the evaluator is shutting down".into()));
        let Some(until) = until else {
            return answered.recv().unwrap_or_else(|_| gone());
        };
        match answered.recv_timeout((until + GRACE).saturating_duration_since(Instant::now())) {
            Ok(answer) => answer,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(Error::TimedOut("the evaluation did not stop in time".into())),
            Err(mpsc::RecvTimeoutError::Disconnected) => gone(),
        }
    }
}

/// Runs a job whose panic becomes an error.
pub fn guarded<T>(job: impl FnOnce() -> Result<T>) -> Result<T> {
    panic::catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|panic| Err(Error::internal(panic_message(&*panic))))
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let message = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the evaluator failed: {}", message.unwrap_or("a panic without a message"))
}

fn work(queue: &Queue) {
    loop {
        let job = next_job(queue);
        let _ = panic::catch_unwind(AssertUnwindSafe(job));
    }
}

fn next_job(queue: &Queue) -> Job {
    let mut waiting = lock(&queue.waiting);
    loop {
        if let Some(job) = waiting.pop_front() {
            return job;
        }
        waiting = queue.ready.wait(waiting).unwrap_or_else(PoisonError::into_inner);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner) // no invariant spans a panic: every critical section is one step
}

/// A worker's panic is reported to its caller; printed as well, it would let a policy write to the service's stderr.
fn silence_panics_of_workers() {
    static ONCE: Once = Once::new();
    type Hook = Box<dyn Fn(&panic::PanicHookInfo<'_>) + Sync + Send>;
    static PREVIOUS: OnceLock<Hook> = OnceLock::new();
    ONCE.call_once(|| {
        let _ = PREVIOUS.set(panic::take_hook());
        panic::set_hook(Box::new(|info| {
            if thread::current().name() != Some(THREAD_NAME)
                && let Some(previous) = PREVIOUS.get()
            {
                previous(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_and_the_worker_lives_on() {
        let pool = Pool::start(1, 8).expect("a thread");
        let failed: Result<()> = pool.run(None, || panic!("split open"));
        assert_eq!(failed, Err(Error::internal("the evaluator failed: split open")));
        assert_eq!(pool.run(None, || Ok(7)), Ok(7));
    }

    #[test]
    fn a_full_queue_refuses_at_once() {
        let pool = Pool::start(1, 1).expect("a thread");
        let (release, released) = mpsc::channel::<()>();
        let (started, start) = mpsc::channel();
        pool.submit(move || {
            started.send(()).expect("a listener");
            let _ = released.recv();
        })
        .expect("room");
        start.recv().expect("a worker");
        pool.submit(|| ()).expect("room for one more");
        assert!(matches!(pool.submit(|| ()), Err(Error::Unavailable(_))));
        drop(release);
    }
}
