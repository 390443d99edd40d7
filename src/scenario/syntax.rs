//! What can be wrong with a text as TOML.

use crate::diagnostic::{Diagnostics, Span, position};
use std::ops::Range;
use toml_parser::lexer::TokenKind;

/// More errors of one file than this are counted, not listed.
const MOST_ERRORS: usize = 50;
/// A dotted key may have this many parts. The parser goes down one call a part, so this bounds its stack.
const MOST_PARTS: usize = 16;

/// Whether no dotted key is long enough to be a danger to the parser's stack; otherwise an error (S0113).
pub(super) fn keys_are_short(text: &str, file: usize, problems: &mut Diagnostics) -> bool {
    let mut dots = 0;
    for token in toml_parser::Source::new(text).lex() {
        match token.kind() {
            TokenKind::Dot => dots += 1,
            TokenKind::Atom
            | TokenKind::Whitespace
            | TokenKind::BasicString
            | TokenKind::LiteralString
            | TokenKind::MlBasicString
            | TokenKind::MlLiteralString => {}
            _ => dots = 0,
        }
        if dots >= MOST_PARTS {
            let place = Span { file, bytes: token.span().start()..token.span().end() };
            problems.error("S0113", &place, format!("a key of more than {MOST_PARTS} parts"));
            return false;
        }
    }
    true
}

/// Reports the parser's errors (S0110). Whether the file can be read on: that is so where keys stand twice, and
/// nothing else is wrong.
pub(super) fn report(errors: &[toml::de::Error], text: &str, file: usize, problems: &mut Diagnostics) -> bool {
    let mut errors: Vec<_> = errors.iter().map(|e| (e.span().unwrap_or(text.len()..text.len()), e.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    let fine_but_for_repetitions = errors.iter().all(|(_, message)| *message == "duplicate key");
    // One slip often makes the rest of its line unreadable.
    let mut next_line = 0;
    errors.retain(|(span, _)| {
        let first = span.start >= next_line;
        if first {
            let rest = text.get(span.start..).unwrap_or("");
            next_line = span.start + rest.find('\n').unwrap_or(rest.len()) + 1;
        }
        first
    });
    for (bytes, message) in errors.iter().take(MOST_ERRORS) {
        let place = Span { file, bytes: bytes.clone() };
        if *message == "duplicate key" {
            twice(text, &place, problems);
            continue;
        }
        let (message, help) = in_words(message, text, bytes);
        let problem = problems.error("S0110", &place, message);
        if let Some(help) = help {
            problem.help(help);
        }
    }
    if errors.len() > MOST_ERRORS {
        let last = Span { file, bytes: errors[MOST_ERRORS].0.clone() };
        problems.error("S0110", &last, format!("{} further errors from here on", errors.len() - MOST_ERRORS));
    }
    fine_but_for_repetitions
}

/// What the parser says about a place, in words for someone who does not know TOML, and what to do.
fn in_words(message: &str, text: &str, place: &Range<usize>) -> (String, Option<&'static str>) {
    let written = text.get(place.clone()).unwrap_or("");
    let before = text.get(..place.start).unwrap_or("").trim_end_matches([' ', '\t']);
    let word: String = written.chars().take_while(|c| c.is_alphanumeric() || *c == '_').take(40).collect();
    let quoted = message.contains("must be quoted") || message.starts_with("invalid");
    if quoted && written.is_empty() && before.ends_with('=') {
        ("a value is missing".to_owned(), Some("write one behind the `=`, or leave out the key"))
    } else if quoted && word.starts_with(char::is_alphabetic) {
        let help = "laws, formulas, names and lengths of time are text in quotation marks";
        (format!("`{word}` is neither a number nor text in quotation marks"), Some(help))
    } else if message.starts_with("invalid basic string") || message.starts_with("invalid literal string") {
        (message.to_lowercase(), Some("is the closing quotation mark missing?"))
    } else if message.starts_with("unexpected key or value") {
        (message.to_lowercase(), Some("each `key = value` stands on a line of its own"))
    } else if message.contains("recurse") {
        let help = "is a bracket not closed? No part of a scenario is nested more than 5 deep";
        ("brackets within brackets without end".to_owned(), Some(help))
    } else if message.starts_with("unclosed table") {
        (message.to_lowercase(), Some("the name of a table stands in brackets: `[study]`, `[[group]]`"))
    } else if message.starts_with("key with no value") {
        (message.to_lowercase(), Some("write `key = value`"))
    } else if message.contains("must be quoted") {
        (
            "a value that is neither a number nor text in quotation marks".to_owned(),
            Some("text and formulas stand in quotation marks"),
        )
    } else {
        (message.to_lowercase(), None)
    }
}

fn twice(text: &str, place: &Span, problems: &mut Diagnostics) {
    let key = text.get(place.bytes.clone()).unwrap_or("");
    let problem = problems.error("S0107", place, format!("`{key}` stands twice in its table"));
    match earlier(text, key, place.bytes.start) {
        Some(byte) => problem.help(format!("the other one is on line {}", position(text, byte).0)),
        None => problem.help("leave one of them out"),
    };
}

/// Where the same key, or the same table header, begins a line above, within the same table.
fn earlier(text: &str, key: &str, before: usize) -> Option<usize> {
    let start = text.get(..before)?.rfind('\n').map_or(0, |newline| newline + 1);
    let header = text[start..before].trim_start().starts_with('[');
    let line = text[start..].lines().next()?.trim();
    let mut end = start;
    while end > 0 {
        let from = text[..end - 1].rfind('\n').map_or(0, |newline| newline + 1);
        let above = text[from..end].trim();
        if header && above == line {
            return Some(from);
        }
        let rest = above.strip_prefix(key).map(str::trim_start);
        if !header && rest.is_some_and(|rest| rest.starts_with('=') || rest.starts_with('.')) {
            return Some(from);
        }
        if !header && above.starts_with('[') {
            return None;
        }
        end = from;
    }
    None
}
