//! What is printed, and where: results on stdout, all else on stderr.

use super::Exit;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Sources, render};
use crate::report::Style;
use crate::tables::RunProblem;
use std::io::{self, IsTerminal, Write};

/// Width where there is no terminal.
const WIDTH: u16 = 100;

/// Prints a result. A reader that has gone away (`| head`) is no error.
pub(super) fn result(text: &str) -> Exit {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Exit::Fine,
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(e) => {
            complain(&format!("error: cannot write to standard output: {e}\n"));
            Exit::Failed
        }
    }
}

/// Prints to stderr; where that fails there is nobody to tell.
pub(super) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Prints an error that has no place in a scenario.
pub(super) fn error(message: &str) {
    complain(&format!("error: {message}\n"));
}

/// Prints the problems of a scenario, and says whether one of them is an error.
pub(super) fn problems(problems: &Diagnostics, sources: &Sources) -> bool {
    complain(&render(problems, sources, colour(&io::stderr())));
    problems.has_errors()
}

/// Prints a problem of a run under the line that it blames.
pub(super) fn run_problem(problem: &RunProblem, sources: &Sources) {
    match &problem.span {
        Some(span) => {
            let mut list = Diagnostics::new();
            list.error(problem.code, span, problem.message.clone());
            problems(&list, sources);
        }
        None => {
            complain(&format!("error[{0}]: {1}\n  `eclosion explain {0}` says more\n", problem.code, problem.message))
        }
    }
}

/// Number of errors and of warnings.
pub(super) fn tally(problems: &Diagnostics) -> (usize, usize) {
    let count = |severity| problems.list().iter().filter(|d: &&Diagnostic| d.severity == severity).count();
    (count(Severity::Error), count(Severity::Warning))
}

/// How a report may look on stdout.
pub(super) fn style() -> Style {
    let out = io::stdout();
    let width = match terminal_size::terminal_size_of(&out) {
        Some((terminal_size::Width(width), _)) if width > 0 => width,
        _ => WIDTH,
    };
    Style { width, colour: colour(&out) }
}

/// Whether colours are wanted: a terminal, and nobody said no (<https://no-color.org>).
fn colour(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
    stream.is_terminal() && !refused && !dumb
}
