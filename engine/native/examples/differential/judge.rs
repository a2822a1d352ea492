//! OPA as a process beside us (`tests/peers/tools/judge`). When it dies on a job, a new one takes the rest.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::job::{Answer, Job};

pub struct Judge {
    program: String,
    running: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
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
        let Some((_, input, _)) = &mut self.running else { return Err("not running".into()) };
        let line = job.to_json(0) + "\n";
        input.write_all(line.as_bytes()).and_then(|()| input.flush()).map_err(|e| e.to_string())
    }

    /// The answer to the oldest job without one.
    pub fn receive(&mut self) -> Answer {
        let mut line = String::new();
        if let Some((_, _, output)) = &mut self.running
            && output.read_line(&mut line).is_ok_and(|read| read > 0)
        {
            return Answer::from_json(line.trim_end());
        }
        if let Some((mut child, ..)) = self.running.take() {
            let _ = child.wait();
        }
        Answer::Broken("the judge ended".into())
    }

    /// Ends the process: the next job is the first of a new one.
    pub fn restart(&mut self) {
        if let Some((mut child, input, _)) = self.running.take() {
            drop(input);
            let _ = child.wait();
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

fn start(program: &str) -> Result<(Child, ChildStdin, BufReader<ChildStdout>), String> {
    let command = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = command.map_err(|e| format!("{program}: {e}; `make tools` builds it"))?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("no pipes".into());
    };
    Ok((child, input, BufReader::with_capacity(1 << 20, output)))
}
