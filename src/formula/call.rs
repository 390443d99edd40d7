//! Calls with named arguments that stand alone: the way a law is written.

use super::lexer::{Placed, Token, tokens};
use super::parser::parse;
use crate::diagnostic::{Diagnostics, Text};
use std::ops::Range;

/// A call such as `normal(mean = 0.2*arm, sd = 1)`, its arguments not yet read.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The name before the bracket.
    pub name: Text,
    /// Name and formula of each argument, each with its own place. The name may be a number or a name in quotation
    /// marks (which are left out).
    pub arguments: Vec<(Text, Text)>,
}

/// Whether a text is a name and a bracket that closes at the end: `normal(mean = 0, sd = 1)`, but also `exp(x)`.
#[must_use]
pub fn looks_like_call(text: &Text) -> bool {
    tokens(&text.text).is_ok_and(|tokens| alone(&tokens).is_some())
}

/// The name of a call that stands alone, and whether all its arguments (at least one) are named.
pub(crate) fn call_head(text: &Text) -> Option<(String, bool)> {
    // Most texts are no calls, and this is asked of every one.
    if !text.text.trim_end().ends_with(')') {
        return None;
    }
    let tokens = tokens(&text.text).ok()?;
    let arguments = alone(&tokens)?;
    let named = !arguments.is_empty() && pieces(arguments).all(|piece| named(piece).is_some());
    match &tokens.first()?.token {
        Token::Name(name) => Some((name.clone(), named)),
        _ => None,
    }
}

/// Reads a call whose arguments are all named. Other texts are errors (S0201, S0210).
pub fn parse_call(text: &Text, problems: &mut Diagnostics) -> Option<Call> {
    let usage = call_head(text).map(|(name, _)| format!("{name}(name = value, ...)"));
    parse_call_as(text, &usage.unwrap_or_default(), problems)
}

/// As [`parse_call`]; `usage` is how the call should be written, for the help beside an error.
pub(crate) fn parse_call_as(text: &Text, usage: &str, problems: &mut Diagnostics) -> Option<Call> {
    let tokens = match tokens(&text.text) {
        Ok(tokens) => tokens,
        Err(fault) => {
            super::report(vec![fault], text, problems);
            return None;
        }
    };
    let (Some(arguments), Some(first)) = (alone(&tokens), tokens.first()) else {
        // The grammar of formulas says best what is wrong with the brackets.
        match parse(&text.text) {
            Err(fault) => super::report(vec![fault], text, problems),
            Ok(_) => {
                let what = "a law such as `normal(mean = 0, sd = 1)` is wanted here";
                let problem = problems.error("S0201", &text.span, what);
                if text.text.trim().parse::<f64>().is_ok() {
                    problem.help(format!(
                        "write `constant(value = {})` for a number that is always the same",
                        text.text.trim()
                    ));
                }
            }
        }
        return None;
    };
    let mut call = Call { name: part(text, &first.range), arguments: Vec::new() };
    let mut good = true;
    for piece in pieces(arguments) {
        match argument(text, piece, &call.name.text) {
            Ok(argument) => call.arguments.push(argument),
            Err((code, range, message)) => {
                good = false;
                problems.error(code, &text.span.within(&range), message).help(format!("write `{usage}`"));
            }
        }
    }
    good.then_some(call)
}

type Refusal = (&'static str, Range<usize>, String);

fn argument(text: &Text, piece: &[Placed], law: &str) -> Result<(Text, Text), Refusal> {
    let (Some(first), Some(last)) = (piece.first(), piece.last()) else {
        let end = text.text.len();
        return Err(("S0201", end.saturating_sub(1)..end, format!("an argument of `{law}` is empty")));
    };
    let range = first.range.start..last.range.end;
    let Some((name, value)) = named(piece) else {
        return Err(("S0210", range, format!("the arguments of `{law}` are named")));
    };
    let (Some(start), Some(end)) = (value.first(), value.last()) else {
        return Err(("S0201", range, "a value is missing after `=`".to_owned()));
    };
    let (Some(from), Some(to)) = (name.first(), name.last()) else {
        return Err(("S0210", range, format!("the arguments of `{law}` are named")));
    };
    let mut key = part(text, &(from.range.start..to.range.end));
    if let Token::Quoted(quoted) = &from.token {
        key.text.clone_from(quoted);
        key.span.bytes = key.span.bytes.start + 1..key.span.bytes.end.saturating_sub(1);
    }
    Ok((key, part(text, &(start.range.start..end.range.end))))
}

/// The tokens before and after the `=` of an argument.
fn named(piece: &[Placed]) -> Option<(&[Placed], &[Placed])> {
    let (name, value) = match piece {
        [name, equals, ..] if equals.token == Token::Assign => (std::slice::from_ref(name), &piece[2..]),
        [minus, _, equals, ..] if minus.token == Token::Minus && equals.token == Token::Assign => {
            (&piece[..2], &piece[3..])
        }
        _ => return None,
    };
    let word = name.last().is_some_and(|n| matches!(n.token, Token::Name(_) | Token::Number(_) | Token::Quoted(_)));
    word.then_some((name, value))
}

/// The tokens inside the brackets, if a name and one pair of brackets is all there is.
fn alone(tokens: &[Placed]) -> Option<&[Placed]> {
    let [first, open, inside @ .., close] = tokens else { return None };
    let framed = matches!(first.token, Token::Name(_)) && open.token == Token::Open && close.token == Token::Close;
    let mut depth = 0_usize;
    for token in inside {
        match token.token {
            Token::Open => depth += 1,
            // The first bracket would be closed before the end.
            Token::Close => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    (framed && depth == 0).then_some(inside)
}

/// The stretches between the commas that are in no further bracket.
fn pieces(tokens: &[Placed]) -> impl Iterator<Item = &[Placed]> {
    let mut depth = 0_usize;
    let count = if tokens.is_empty() { 0 } else { usize::MAX };
    tokens
        .split(move |token| {
            match token.token {
                Token::Open => depth += 1,
                Token::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            token.token == Token::Comma && depth == 0
        })
        .take(count)
}

fn part(text: &Text, range: &Range<usize>) -> Text {
    Text { text: text.text.get(range.clone()).unwrap_or_default().to_owned(), span: text.span.within(range) }
}
