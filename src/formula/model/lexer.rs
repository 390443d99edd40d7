//! From the text of a model to tokens with their byte ranges, and back to the text that R would write.

use super::ModelProblem;
use std::ops::Range;

/// Longest text that is read, in bytes.
const LONGEST: usize = 10_000;
/// Most tokens that are read. It also bounds how deep a tree of one-sided operators can be.
const MOST_TOKENS: usize = 1_000;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Number(f64),
    /// A text in quotation marks, without them.
    Quoted(String),
    /// One of `~ + - * / : ^ ( ) , = | .`
    Symbol(char),
}

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub token: Token,
    pub range: Range<usize>,
}

impl Placed {
    pub fn is(&self, symbol: char) -> bool {
        self.token == Token::Symbol(symbol)
    }
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ModelProblem> {
    let too_long = || ModelProblem::new(0..text.len(), "this model is too long", "a model may have 1000 parts");
    if text.len() > LONGEST {
        return Err(too_long());
    }
    let mut found: Vec<Placed> = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, length) = token(text, at, c)?;
        found.push(Placed { token, range: at..at + length });
        at += length;
        if found.len() > MOST_TOKENS {
            return Err(too_long());
        }
    }
    Ok(found)
}

/// The token that starts at byte `at` with character `c`, and its length.
fn token(text: &str, at: usize, c: char) -> Result<(Token, usize), ModelProblem> {
    let rest = text.get(at..).unwrap_or("");
    if c.is_alphabetic() || c == '_' {
        let length = rest.find(|d: char| !is_name_letter(d)).unwrap_or(rest.len());
        return Ok((Token::Name(rest[..length].to_owned()), length));
    }
    if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit())) {
        return number(rest, at);
    }
    if c == '"' || c == '\'' {
        let Some(length) = rest[1..].find(c) else {
            let help = format!("close it: {c}name{c}");
            return Err(ModelProblem::new(at..text.len(), "this quotation mark is never closed", help));
        };
        return Ok((Token::Quoted(rest[1..1 + length].to_owned()), length + 2));
    }
    if rest.starts_with("**") {
        return Ok((Token::Symbol('^'), 2));
    }
    match c {
        '~' | '+' | '-' | '*' | '/' | ':' | '^' | '(' | ')' | ',' | '=' | '|' | '.' => Ok((Token::Symbol(c), 1)),
        '−' => Ok((Token::Symbol('-'), c.len_utf8())),
        _ => {
            let help = "a model is made of names, `+ - * : / ^`, brackets and calls such as `factor(x)`";
            Err(ModelProblem::new(at..at + c.len_utf8(), format!("`{c}` has no meaning in a model"), help))
        }
    }
}

fn is_name_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), ModelProblem> {
    let mut end = 0;
    let mut before = ' ';
    for c in rest.chars() {
        let signed_exponent = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        if !(is_name_letter(c) || signed_exponent) {
            break;
        }
        end += c.len_utf8();
        before = c;
    }
    let written = &rest[..end];
    match written.parse::<f64>().ok().filter(|v| v.is_finite()) {
        Some(value) => Ok((Token::Number(value), end)),
        None => {
            let help = "a number looks like `2`, `0.5` or `1e-3`, and a name begins with a letter";
            Err(ModelProblem::new(at..at + end, format!("`{written}` is neither a number nor a name"), help))
        }
    }
}

/// The tokens as R writes them: spaces around `+ - * = | ~` and after `,`, none around `/ : ^`.
pub(super) fn written(tokens: &[Placed]) -> String {
    let mut text = String::new();
    // Whether a value has just ended, so that `-` stands between two values and is no sign.
    let mut after_value = false;
    for placed in tokens {
        match &placed.token {
            Token::Name(name) => text.push_str(name),
            Token::Number(value) => text.push_str(&value.to_string()),
            Token::Quoted(quoted) => text.push_str(&format!("\"{quoted}\"")),
            Token::Symbol(',') => text.push_str(", "),
            Token::Symbol(c @ ('+' | '-')) if !after_value => text.push(*c),
            Token::Symbol(c @ ('+' | '-' | '*' | '=' | '|' | '~')) => text.push_str(&format!(" {c} ")),
            Token::Symbol(c) => text.push(*c),
        }
        after_value = !matches!(placed.token, Token::Symbol(c) if c != ')');
    }
    text
}
