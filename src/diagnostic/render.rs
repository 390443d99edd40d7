//! Problems as a person reads them (the line, a caret under the place, the rule, the help), and as JSON.

use super::{Diagnostic, Diagnostics, Severity, Sources, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::fmt::Write;
use std::ops::Range;

/// More problems than this are counted, not shown.
const SHOWN: usize = 100;
/// More problems than this are left out of a JSON list.
const LISTED: usize = 1_000;
/// Longer stretches of text (bytes) are named by line and column only.
const LONGEST_EXCERPT: usize = 2_000;
/// Of a longer stretch of lines only the first is shown.
const MOST_LINES: usize = 6;

/// All problems as text in the order of the files, with colours if `colour`; empty where there are none.
///
/// The last line counts errors and warnings and names a page of `eclosion explain`. At most 100 problems are shown,
/// the others are counted. Any span is accepted: what lies outside the text is moved to its end.
#[must_use]
pub fn render(diagnostics: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let problems = in_order(diagnostics);
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for problem in problems.iter().take(SHOWN) {
        out.push_str(&one(problem, sources, &renderer));
        out.push_str("\n\n");
    }
    if problems.len() > SHOWN {
        let _ = writeln!(out, "... and {} more\n", problems.len() - SHOWN);
    }
    if let Some(line) = closing_line(&problems) {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// All problems as a JSON list in the order of the files, each an object with `code`, `severity` (`error`, `warning`,
/// `note`), `message`, `file`, `line`, `column`, `end_line`, `end_column` and `help`.
///
/// Lines and columns (in characters) are counted from 1; the end is the place after the last character. What a
/// problem does not have is `null`. At most 1000 problems are listed.
#[must_use]
pub fn to_json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let list: Vec<serde_json::Value> =
        in_order(diagnostics).into_iter().take(LISTED).map(|d| json_of(d, sources)).collect();
    serde_json::Value::Array(list).to_string()
}

fn json_of(problem: &Diagnostic, sources: &Sources) -> serde_json::Value {
    let place = problem.span.as_ref().and_then(|span| Place::of(span, sources));
    let start = place.as_ref().map(|p| position(p.text, p.bytes.start));
    let end = place.as_ref().map(|p| position(p.text, p.bytes.end));
    serde_json::json!({
        "code": problem.code,
        "severity": word(problem.severity),
        "message": problem.message,
        "file": place.as_ref().map(|p| p.name),
        "line": start.map(|p| p.0),
        "column": start.map(|p| p.1),
        "end_line": end.map(|p| p.0),
        "end_column": end.map(|p| p.1),
        "help": problem.help,
    })
}

/// Line and column of a byte, each counted from 1, the column in characters. A byte outside the text, or within a
/// character, is moved to the end or to the start of the character.
#[must_use]
pub fn position(text: &str, byte: usize) -> (usize, usize) {
    let byte = floor_boundary(text, byte);
    let start = line_start(text, byte);
    (1 + count_lines(&text[..start]), 1 + text[start..byte].chars().count())
}

/// By file and place; problems without a place come last. Equal places keep the order in which they were found.
fn in_order(diagnostics: &Diagnostics) -> Vec<&Diagnostic> {
    let mut list: Vec<&Diagnostic> = diagnostics.list().iter().collect();
    list.sort_by_key(|d| d.span.as_ref().map_or((1, 0, 0), |s| (0, s.file, s.bytes.start)));
    list
}

fn one(problem: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = Group::with_title(level.primary_title(problem.message.as_str()).id(problem.code));
    if let Some(place) = problem.span.as_ref().and_then(|span| Place::of(span, sources)) {
        let excerpt = place.excerpt();
        let (line, column) = position(place.text, place.bytes.start);
        if excerpt.len() > LONGEST_EXCERPT {
            group = group.element(Origin::path(place.name).line(line).char_column(column));
        } else {
            let marked = place.bytes.start - excerpt.start..place.bytes.end.min(excerpt.end) - excerpt.start;
            let snippet = Snippet::source(&place.text[excerpt])
                .line_start(line)
                .path(place.name)
                .annotation(AnnotationKind::Primary.span(marked));
            group = group.element(snippet);
        }
    }
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

fn closing_line(problems: &[&Diagnostic]) -> Option<String> {
    let number = |severity| problems.iter().filter(|d| d.severity == severity).count();
    let counts = [(number(Severity::Error), "error"), (number(Severity::Warning), "warning")];
    let mut parts: Vec<String> = Vec::new();
    for (n, noun) in counts {
        match n {
            0 => {}
            1 => parts.push(format!("1 {noun}")),
            _ => parts.push(format!("{n} {noun}s")),
        }
    }
    if parts.is_empty() {
        return None;
    }
    let worst = problems.iter().map(|d| d.severity).max()?;
    let code = problems.iter().find(|d| d.severity == worst)?.code;
    Some(format!("{}; `eclosion explain {code}` says more", parts.join(", ")))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A span that surely lies within its text, on boundaries of characters.
struct Place<'a> {
    name: &'a str,
    text: &'a str,
    bytes: Range<usize>,
}

impl<'a> Place<'a> {
    fn of(span: &Span, sources: &'a Sources) -> Option<Self> {
        let (name, text) = sources.files.get(span.file)?;
        let start = floor_boundary(text, span.bytes.start);
        let end = ceil_boundary(text, span.bytes.end).max(start);
        Some(Self { name, text, bytes: start..end })
    }

    /// The whole lines that the place touches, or its first line where it touches many; without the last line's end.
    fn excerpt(&self) -> Range<usize> {
        let start = line_start(self.text, self.bytes.start);
        let last = line_end(self.text, self.bytes.end);
        if count_lines(&self.text[start..last]) < MOST_LINES {
            return start..last;
        }
        start..line_end(self.text, self.bytes.start)
    }
}

fn line_start(text: &str, byte: usize) -> usize {
    text[..byte].rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, byte: usize) -> usize {
    let end = text[byte..].find('\n').map_or(text.len(), |newline| byte + newline);
    // A carriage return belongs to the line's end, unless the place itself lies on it.
    if end > byte && text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end }
}

fn count_lines(text: &str) -> usize {
    text.bytes().filter(|b| *b == b'\n').count()
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|b| text.is_char_boundary(*b)).unwrap_or(0)
}

fn ceil_boundary(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (byte..=text.len()).find(|b| text.is_char_boundary(*b)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use proptest::prelude::*;

    fn sources(texts: &[(&str, &str)]) -> Sources {
        Sources { files: texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).into())).collect() }
    }

    fn span(file: usize, bytes: Range<usize>) -> Span {
        Span { file, bytes }
    }

    #[test]
    fn shows_line_caret_and_help_in_the_order_of_the_files() {
        let sources = sources(&[("study.toml", "[time]\nstp = \"1 month\"\n"), ("base.toml", "seed = -1\n")]);
        let mut problems = Diagnostics::new();
        problems.warn("S0705", &span(1, 7..9), "below zero");
        problems.error("S0101", &span(0, 7..10), "[time] has no key `stp`").help("did you mean `step`?");
        problems.error_anywhere("S0103", "no group");
        assert_snapshot!(render(&problems, &sources, false), @r#"
        error[S0101]: [time] has no key `stp`
         --> study.toml:2:1
          |
        2 | stp = "1 month"
          | ^^^
          |
          = help: did you mean `step`?

        warning[S0705]: below zero
         --> base.toml:1:8
          |
        1 | seed = -1
          |        ^^

        error[S0103]: no group

        2 errors, 1 warning; `eclosion explain S0101` says more
        "#);
    }

    #[test]
    fn nothing_for_no_problems_and_colours_only_when_asked_for() {
        let sources = sources(&[("a", "x")]);
        let mut problems = Diagnostics::new();
        assert_eq!(render(&problems, &sources, true), "");
        problems.error("S0101", &span(0, 0..1), "no");
        assert!(render(&problems, &sources, true).contains('\u{1b}'));
        assert!(!render(&problems, &sources, false).contains('\u{1b}'));
    }

    #[test]
    fn long_lines_and_many_problems_stay_readable() {
        let text = "x".repeat(100_000);
        let sources = sources(&[("wide.toml", &text)]);
        let mut problems = Diagnostics::new();
        for i in 0..150 {
            problems.error("S0110", &span(0, i..i + 1), "no");
        }
        let shown = render(&problems, &sources, false);
        assert!(shown.len() < 20_000, "{}", shown.len());
        assert!(shown.contains("wide.toml:1:100"));
        assert!(shown.ends_with("... and 50 more\n\n150 errors; `eclosion explain S0110` says more\n"));
    }

    #[test]
    fn columns_are_characters() {
        let text = "a\näö = 'x'\n";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 2), (2, 1));
        assert_eq!(position(text, 3), (2, 1), "within a character: its start");
        assert_eq!(position(text, 6), (2, 3));
        assert_eq!(position(text, 999), (3, 1));
    }

    #[test]
    fn json_names_the_place() {
        let sources = sources(&[("study.toml", "ä = 1\nb = 2\n")]);
        let mut problems = Diagnostics::new();
        problems.error("S0101", &span(0, 3..12), "two \"lines\"").help("mend");
        problems.error_anywhere("S0103", "nowhere");
        assert_snapshot!(to_json(&problems, &sources), @r#"[{"code":"S0101","column":3,"end_column":6,"end_line":2,"file":"study.toml","help":"mend","line":1,"message":"two \"lines\"","severity":"error"},{"code":"S0103","column":null,"end_column":null,"end_line":null,"file":null,"help":null,"line":null,"message":"nowhere","severity":"error"}]"#);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn any_span_in_any_text_is_shown(text in "(\\PC|\n|\r|\t|\u{0}|\u{1b}|\u{200b}|\u{301}|漢|🙂){0,60}", a in 0_usize..90, b in 0_usize..90, file in 0_usize..3) {
            let sources = sources(&[("a", &text), ("b", "")]);
            let mut problems = Diagnostics::new();
            problems.error("S0101", &span(file, a..b), text.clone()).help(text.clone());
            for colour in [false, true] {
                let _ = render(&problems, &sources, colour);
            }
            let _ = to_json(&problems, &sources);
        }
    }
}
