//! Programs in a group of their own (on Windows: a job object), so that what they start can be stopped with them.

use std::ffi::OsStr;
use std::io;
use std::process::{ExitStatus, Stdio};

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};

/// A program that runs. Dropped before it has ended well, it is stopped with everything it started.
pub struct Program {
    child: Box<dyn ChildWrapper>,
    ended_well: bool,
}

impl Program {
    /// Starts a command; its three streams are piped.
    pub fn start(mut command: Command) -> io::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut wrapped = CommandWrap::from(command);
        #[cfg(unix)]
        wrapped.wrap(process_wrap::tokio::ProcessGroup::leader());
        // The job ends with the agent: after a crash no installer may go on beside its second try.
        #[cfg(windows)]
        wrapped
            .wrap(process_wrap::tokio::KillOnDrop)
            .wrap(process_wrap::tokio::JobObject);
        Ok(Program {
            child: wrapped.spawn()?,
            ended_well: false,
        })
    }

    /// Its three streams; once.
    pub fn streams(&mut self) -> Option<Streams> {
        Some(Streams {
            input: self.child.stdin().take()?,
            output: self.child.stdout().take()?,
            errors: self.child.stderr().take()?,
        })
    }

    /// Waits until the program itself has ended; what it started may go on.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.inner_mut().wait().await
    }

    /// What it started may stay.
    pub fn let_go(mut self) {
        self.ended_well = true;
    }
}

/// The standard streams of a program.
pub struct Streams {
    /// What it reads.
    pub input: ChildStdin,
    /// What it says.
    pub output: ChildStdout,
    /// What it complains about.
    pub errors: ChildStderr,
}

/// Writes the whole standard input of a program and closes it. A program that does not read is no error.
pub async fn feed(mut stream: ChildStdin, input: Option<&str>) {
    let _ = stream.write_all(input.unwrap_or_default().as_bytes()).await;
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.ended_well {
            // An error means that nothing of the group is left.
            let _ = self.child.start_kill();
        }
    }
}

/// Runs a small program to its end, with `input` on its standard input. Returns its status and the last line it said.
pub async fn run_quietly(command: Command, input: Option<&str>) -> io::Result<(ExitStatus, String)> {
    let mut program = Program::start(command)?;
    let mut said = String::new();
    if let Some(mut streams) = program.streams() {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let (_, from_output, from_errors) = tokio::join!(
            feed(streams.input, input),
            streams.output.read_to_end(&mut output),
            streams.errors.read_to_end(&mut errors),
        );
        from_output.and(from_errors)?;
        said = last_line(&errors)
            .or_else(|| last_line(&output))
            .unwrap_or_default();
    }
    let status = program.wait().await?;
    program.let_go();
    Ok((status, said))
}

/// A command with nothing of ours but the program's name and arguments.
pub fn command(program: impl AsRef<OsStr>, args: &[String]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}

/// How a program ended, for people.
pub fn ending(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => status.to_string(),
    }
}

fn last_line(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty())?;
    Some(line.to_owned())
}
