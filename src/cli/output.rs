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

/// Prints a page. On a terminal that is narrower than its lines, its paragraphs are set anew; examples, tables and
/// lists stay as they are.
pub(super) fn page(text: &str) -> Exit {
    match terminal_size::terminal_size_of(io::stdout()) {
        Some((terminal_size::Width(width), _)) if width > 0 => result(&folded(text, usize::from(width))),
        _ => result(text),
    }
}

fn folded(text: &str, width: usize) -> String {
    let is_prose = |line: &str| line.starts_with(|c: char| c.is_alphabetic() || c == '`');
    let mut out = String::new();
    // Characters on the line so far, while a paragraph is being set.
    let mut column = None;
    for line in text.lines() {
        if !is_prose(line) {
            out.push_str(if column.take().is_some() { "\n" } else { "" });
            out.push_str(line);
            out.push('\n');
            continue;
        }
        for word in line.split_whitespace() {
            let length = word.chars().count();
            column = Some(match column {
                None => length,
                Some(before) if before + 1 + length <= width => {
                    out.push(' ');
                    before + 1 + length
                }
                Some(_) => {
                    out.push('\n');
                    length
                }
            });
            out.push_str(word);
        }
    }
    out.push_str(if column.is_some() { "\n" } else { "" });
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_set_anew_and_examples_stay() {
        let page = "A title.\n\none two three\nfour five\n\n    right:  x = 1   # no more\n\nlast\n| a | b |\n";
        let narrow = "A title.\n\none two\nthree four\nfive\n\n    right:  x = 1   # no more\n\nlast\n| a | b |\n";
        assert_eq!(folded(page, 10), narrow);
        assert_eq!(folded("much-too-long a\n", 4), "much-too-long\na\n");
        assert_eq!(folded("", 10), "");
        assert_eq!(folded(page, 80).replace("three four", "three\nfour"), page);
    }
}
