//! Finished work on its way to an event loop. Workers put answers in; the loop watches one file descriptor and takes out
//! all that is there, so that under load one wake-up serves many answers.
//!
//! The descriptor is a pipe with at most one byte in it: a writer signals only where no signal stands.

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub struct Completions<T> {
    done: Mutex<Vec<T>>,
    signalled: AtomicBool,
    reader: PipeReader,
    writer: PipeWriter,
}

impl<T> Completions<T> {
    pub fn new() -> std::io::Result<Self> {
        let (reader, writer) = pipe()?;
        Ok(Completions { done: Mutex::new(Vec::new()), signalled: AtomicBool::new(false), reader, writer })
    }

    /// What the event loop watches for reading.
    pub fn reader(&self) -> &PipeReader {
        &self.reader
    }

    pub fn put(&self, item: T) {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(item);
        if !self.signalled.swap(true, Ordering::AcqRel) {
            let _ = (&self.writer).write(&[0]); // the reader end lives as long as we do, and the pipe is empty
        }
    }

    /// All that is done. Never waits where nothing was signalled; callers are one thread, that of the event loop.
    pub fn take(&self) -> Vec<T> {
        if self.signalled.load(Ordering::Acquire) {
            let _ = (&self.reader).read(&mut [0]);
            self.signalled.store(false, Ordering::Release);
        }
        std::mem::take(&mut self.done.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    #[test]
    fn everything_put_in_comes_out_once() {
        let completions = Arc::new(Completions::new().expect("a pipe"));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let completions = completions.clone();
                thread::spawn(move || (0..1000).for_each(|n| completions.put(writer * 1000 + n)))
            })
            .collect();
        let mut seen = Vec::new();
        while seen.len() < 4000 {
            seen.extend(completions.take());
        }
        writers.into_iter().for_each(|writer| writer.join().expect("no panic"));
        seen.sort_unstable();
        assert_eq!(seen, (0..4000).collect::<Vec<_>>());
        assert_eq!(completions.take(), Vec::<i32>::new());
    }
}
