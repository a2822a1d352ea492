//! OPA as a process beside us (`tests/peers/tools/judge`). When it dies on a job, or does not end, a new one takes the
//! rest.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::job::{Answer, Job};

/// OPA's compiler has no deadline, and does not end on some policies.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Judge {
    program: String,
    running: Option<Running>,
}

struct Running {
    process: Child,
    input: ChildStdin,
    answers: Receiver<String>,
}

impl Judge {
    pub fn new(program: &str) -> Self {
        Judge { program: program.to_owned(), running: None }
    }

    /// Hands a job over without waiting for its answer.
    pub fn send(&mut self, job: &Job) -> Result<(), String> {
        if self.running.is_none() {
            self.running = Some(start(&self.program)?);
        }
        let Some(Running { input, .. }) = &mut self.running else { return Err("not running".into()) };
        let line = job.to_json(0) + "\n";
        input.write_all(line.as_bytes()).and_then(|()| input.flush()).map_err(|e| e.to_string())
    }

    /// The answer to the oldest job without one.
    pub fn receive(&mut self) -> Answer {
        let answer = self.running.as_ref().and_then(|running| running.answers.recv_timeout(PATIENCE).ok());
        if let Some(line) = answer {
            return Answer::from_json(line.trim_end());
        }
        if let Some(Running { mut process, .. }) = self.running.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        Answer::Broken("the judge died, or did not end".into())
    }

    /// Ends the process: the next job is the first of a new one.
    pub fn restart(&mut self) {
        if let Some(Running { mut process, input, .. }) = self.running.take() {
            drop(input);
            let _ = process.wait();
        }
    }

    pub fn ask(&mut self, job: &Job) -> Answer {
        match self.send(job) {
            Ok(()) => self.receive(),
            Err(message) => {
                self.running = None;
                Answer::Broken(message)
            }
        }
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        self.restart();
    }
}

fn start(program: &str) -> Result<Running, String> {
    let command = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut process = command.map_err(|e| format!("{program}: {e}; `make tools` builds it"))?;
    let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
        return Err("no pipes".into());
    };
    let (sender, answers) = channel();
    std::thread::spawn(move || {
        let lines = BufReader::with_capacity(1 << 20, output).lines();
        lines.map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    Ok(Running { process, input, answers })
}
