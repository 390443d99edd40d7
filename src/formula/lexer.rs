//! From the text of a formula to tokens with their byte ranges.

use std::ops::Range;

/// Longest text that is read, in bytes.
pub(super) const LONGEST: usize = 10_000;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Name(String),
    /// A name in quotation marks, without them.
    Quoted(String),
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    Not,
    /// A single `=`, which only stands between the name and the value of an argument.
    Assign,
    Open,
    Close,
    Comma,
}

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub token: Token,
    pub range: Range<usize>,
}

/// Why a text is no formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub code: &'static str,
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Fault {
    /// A breach of the grammar.
    pub fn syntax(range: Range<usize>, message: impl Into<String>, help: Option<&str>) -> Self {
        Self { code: "S0201", range, message: message.into(), help: help.map(str::to_owned) }
    }
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Fault> {
    if text.len() > LONGEST {
        let message = format!("a formula may have {LONGEST} bytes and this one has {}", text.len());
        return Err(Fault { code: "S0214", range: 0..text.len(), message, help: None });
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, length) = token(text, at, c)?;
        found.push(Placed { token, range: at..at + length });
        at += length;
    }
    Ok(found)
}

/// The token that starts at byte `at` with character `c`, and its length.
fn token(text: &str, at: usize, c: char) -> Result<(Token, usize), Fault> {
    let rest = &text[at..];
    if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit())) {
        return number(rest, at);
    }
    if c.is_alphabetic() || c == '_' {
        let length = name_length(rest);
        return Ok((word(&rest[..length]), length));
    }
    if c == '\'' || c == '"' {
        let Some(length) = rest[1..].find(c) else {
            let help = format!("close it: {c}name{c}");
            return Err(Fault::syntax(at..text.len(), "this quotation mark is never closed", Some(&help)));
        };
        return Ok((Token::Quoted(rest[1..1 + length].to_owned()), length + 2));
    }
    symbol(rest, at, c)
}

/// Bytes of the name at the beginning of a text. A name may have parts with dots between them, as the ids of published
/// numbers do: `t1.female_sp.n`. A dot at its end is no part of it.
fn name_length(rest: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut end = 0;
    loop {
        let here = &rest[end..];
        end += here.find(|c: char| !part(c)).unwrap_or(here.len());
        match rest[end..].strip_prefix('.') {
            Some(next) if next.starts_with(part) => end += 1,
            _ => return end,
        }
    }
}

fn word(word: &str) -> Token {
    match word {
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        _ => Token::Name(word.to_owned()),
    }
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    let bytes = rest.as_bytes();
    let digits = |mut i: usize| {
        while bytes.get(i).is_some_and(|b| b.is_ascii_digit() || *b == b'_') {
            i += 1;
        }
        i
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if bytes.get(end).is_some_and(|b| matches!(b, b'e' | b'E')) {
        let sign = usize::from(bytes.get(end + 1).is_some_and(|b| matches!(b, b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end = digits(end + 1 + sign);
        }
    }
    let glued = rest[end..].find(|d: char| !(d.is_alphanumeric() || d == '_' || d == '.')).unwrap_or(rest.len() - end);
    let value = rest[..end].replace('_', "").parse::<f64>().ok().filter(|v| v.is_finite());
    match value {
        Some(value) if glued == 0 => Ok((Token::Number(value), end)),
        _ => {
            let range = at..at + end + glued;
            let help = Some("a number looks like `2`, `0.5` or `1e-3`; a product is written with `*`");
            Err(Fault::syntax(range, format!("`{}` is not a number", &rest[..end + glued]), help))
        }
    }
}

/// Symbols, the longer ones first.
const SYMBOLS: [(&str, Token); 21] = [
    ("==", Token::Equal),
    ("!=", Token::NotEqual),
    ("<=", Token::LessEqual),
    (">=", Token::GreaterEqual),
    ("&&", Token::And),
    ("||", Token::Or),
    ("+", Token::Plus),
    ("-", Token::Minus),
    ("*", Token::Star),
    ("/", Token::Slash),
    ("^", Token::Caret),
    ("<", Token::Less),
    (">", Token::Greater),
    ("&", Token::And),
    ("|", Token::Or),
    ("!", Token::Not),
    ("=", Token::Assign),
    ("(", Token::Open),
    (")", Token::Close),
    (",", Token::Comma),
    ("−", Token::Minus),
];

/// Symbols of other languages and what they are called here.
const FOREIGN: [(&str, &str); 8] = [
    ("**", "a power is written `^`"),
    ("<>", "write `!=`"),
    ("=<", "write `<=`"),
    ("=>", "write `>=`"),
    ("~=", "write `!=`"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("≠", "write `!=`"),
];

fn symbol(rest: &str, at: usize, c: char) -> Result<(Token, usize), Fault> {
    for (foreign, help) in FOREIGN {
        if rest.starts_with(foreign) {
            return Err(Fault::syntax(at..at + foreign.len(), format!("`{foreign}` is not known here"), Some(help)));
        }
    }
    for (symbol, token) in SYMBOLS {
        if rest.starts_with(symbol) {
            return Ok((token, symbol.len()));
        }
    }
    Err(Fault::syntax(at..at + c.len_utf8(), format!("`{c}` has no meaning in a formula"), None))
}
