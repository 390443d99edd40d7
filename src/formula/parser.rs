//! From tokens to a tree, by precedence climbing (Pratt 1973, doi:10.1145/512927.512931).
//!
//! Precedence is R's, from loose to tight: `or`, `and`, `not`, comparisons (which do not chain), `+ -`, `* /`, sign,
//! `^` (to the right). So `-2^2` is -4, `2^-1` is 0.5, `not a == b` is `not (a == b)`.

use super::lexer::{Fault, Placed, Token, tokens};
use super::tree::{Argument, Binary, Node, Unary, What};
use std::ops::Range;

/// Deepest nesting of brackets, signs and powers.
const DEEPEST: usize = 64;
/// Greatest height of a tree; a sum of that many terms.
const HIGHEST: usize = 256;

/// Strength of `not`.
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SIGN: u8 = 7;
const POWER: u8 = 8;

/// The tree of a text.
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, next: 0, depth: 0, end: text.len() };
    if tokens.is_empty() {
        return Err(Fault::syntax(0..text.len(), "a formula is missing here", None));
    }
    let node = parser.expression(0)?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.unexpected("an operator such as `+` or the end")),
    }
}

struct Parser<'a> {
    tokens: &'a [Placed],
    next: usize,
    depth: usize,
    end: usize,
}

/// The operation of a token between two values, and how strongly it binds.
fn infix(token: &Token) -> Option<(Binary, u8)> {
    Some(match token {
        Token::Or => (Binary::Or, 1),
        Token::And => (Binary::And, 2),
        Token::Equal => (Binary::Equal, COMPARISON),
        Token::NotEqual => (Binary::NotEqual, COMPARISON),
        Token::Less => (Binary::Less, COMPARISON),
        Token::LessEqual => (Binary::LessEqual, COMPARISON),
        Token::Greater => (Binary::Greater, COMPARISON),
        Token::GreaterEqual => (Binary::GreaterEqual, COMPARISON),
        Token::Plus => (Binary::Add, 5),
        Token::Minus => (Binary::Subtract, 5),
        Token::Star => (Binary::Multiply, 6),
        Token::Slash => (Binary::Divide, 6),
        Token::Caret => (Binary::Power, POWER),
        _ => return None,
    })
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next).map(|t| &t.token)
    }

    /// The place of the next token; at the end of the text, the last byte's.
    fn place(&self) -> Range<usize> {
        let last = || self.tokens.last().map_or(0..self.end, |t| t.range.clone());
        self.tokens.get(self.next).map_or_else(last, |t| t.range.clone())
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let range = self.place();
        match self.peek() {
            None => Fault::syntax(range, format!("the formula ends after this, where {wanted} should follow"), None),
            Some(Token::Assign) => assigned(range),
            Some(Token::Close) => Fault::syntax(range, "this bracket closes none", None),
            Some(_) => Fault::syntax(range, format!("{wanted} should stand here"), None),
        }
    }

    /// An expression one level of nesting further down.
    fn nested(&mut self, least: u8) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(too_deep(self.place()));
        }
        let inner = self.expression(least)?;
        self.depth -= 1;
        Ok(inner)
    }

    /// An expression whose operators all bind at least as strongly as `least`.
    fn expression(&mut self, least: u8) -> Result<Node, Fault> {
        let mut left = self.prefix()?;
        let mut compared = false;
        while let Some((operation, strength)) = self.peek().and_then(infix) {
            if strength < least {
                break;
            }
            if operation.compares() && compared {
                let help = "join two comparisons: `a < b and b < c`";
                return Err(Fault::syntax(self.place(), "comparisons do not chain", Some(help)));
            }
            // An operator looser than a comparison ends the comparison before it.
            compared = operation.compares();
            self.next += 1;
            // Powers group to the right, all others to the left.
            let right = if strength == POWER { self.nested(POWER)? } else { self.expression(strength + 1)? };
            let range = left.range.start..right.range.end;
            let height = left.height.max(right.height);
            left = node(What::Binary(operation, Box::new(left), Box::new(right)), range, height)?;
        }
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Node, Fault> {
        let range = self.place();
        let Some(token) = self.peek() else { return Err(self.unexpected("a value")) };
        match token {
            Token::Number(value) => {
                self.next += 1;
                node(What::Number(*value), range, 0)
            }
            Token::Quoted(name) => {
                self.next += 1;
                node(What::Quoted(name.clone()), range, 0)
            }
            Token::Name(name) => {
                self.next += 1;
                self.named(name, range)
            }
            Token::Minus => self.signed(Some(Unary::Negate), SIGN, range.start),
            Token::Plus => self.signed(None, SIGN, range.start),
            Token::Not => self.signed(Some(Unary::Not), NOT, range.start),
            Token::Open => self.bracketed(range.start),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn signed(&mut self, operation: Option<Unary>, strength: u8, start: usize) -> Result<Node, Fault> {
        self.next += 1;
        let inner = self.nested(strength)?;
        let range = start..inner.range.end;
        match operation {
            Some(operation) => {
                let height = inner.height;
                node(What::Unary(operation, Box::new(inner)), range, height)
            }
            None => Ok(Node { range, ..inner }),
        }
    }

    fn bracketed(&mut self, start: usize) -> Result<Node, Fault> {
        self.next += 1;
        let inner = self.nested(0)?;
        let end = self.close(start)?;
        Ok(Node { range: start..end, ..inner })
    }

    /// Takes the bracket that closes the one at byte `start`.
    fn close(&mut self, start: usize) -> Result<usize, Fault> {
        match self.peek() {
            Some(Token::Close) => {
                let end = self.place().end;
                self.next += 1;
                Ok(end)
            }
            None => Err(Fault::syntax(start..start + 1, "this bracket is never closed", None)),
            Some(_) => Err(self.unexpected("an operator or `)`")),
        }
    }

    fn named(&mut self, name: &str, range: Range<usize>) -> Result<Node, Fault> {
        if self.peek() != Some(&Token::Open) {
            let what = match name {
                "true" | "false" => What::Truth(name == "true"),
                _ => What::Name(name.to_owned()),
            };
            return node(what, range, 0);
        }
        let open = self.place().start;
        self.next += 1;
        let arguments = self.arguments()?;
        let end = self.close(open)?;
        if name == "choose" {
            return chosen(arguments, range.start..end);
        }
        let height = arguments.iter().map(|a| a.value.height).max().unwrap_or(0);
        let call = What::Call { name: name.to_owned(), name_range: range.clone(), arguments };
        node(call, range.start..end, height)
    }

    fn arguments(&mut self) -> Result<Vec<Argument>, Fault> {
        let mut arguments = Vec::new();
        if self.peek() == Some(&Token::Close) {
            return Ok(arguments);
        }
        loop {
            let name = self.argument_name();
            let value = self.nested(0)?;
            arguments.push(Argument { name, value });
            if self.peek() != Some(&Token::Comma) {
                return Ok(arguments);
            }
            self.next += 1;
        }
    }

    fn argument_name(&mut self) -> Option<(String, Range<usize>)> {
        let Some(Token::Name(name)) = self.peek() else { return None };
        let equals = self.tokens.get(self.next + 1)?;
        if equals.token != Token::Assign {
            return None;
        }
        self.next += 2;
        Some((name.clone(), equals.range.clone()))
    }
}

/// What to say of a single `=`.
pub(super) fn assigned(range: Range<usize>) -> Fault {
    Fault::syntax(range, "`=` does not compare", Some("write `==`"))
}

/// `choose(k, a, b, c)` is `if(k == 1, a, if(k == 2, b, c))`. As `k` is written out several times, it must be a name.
fn chosen(arguments: Vec<Argument>, range: Range<usize>) -> Result<Node, Fault> {
    let help = "write `choose(wave, a, b, c)`: a for 1, b for 2, c for 3 and more";
    if let Some((_, place)) = arguments.iter().find_map(|a| a.name.clone()) {
        return Err(Fault::syntax(place, "the arguments of `choose` have no names", Some(help)));
    }
    let mut values = arguments.into_iter().map(|a| a.value);
    let (Some(key), Some(mut chosen)) = (values.next(), values.next_back()) else {
        return Err(Fault::syntax(range, "`choose` takes a name and the values to choose from", Some(help)));
    };
    if !matches!(key.what, What::Name(_)) {
        return Err(Fault::syntax(key.range, "`choose` takes a name first", Some(help)));
    }
    let unnamed = |value: Node| Argument { name: None, value };
    for (position, value) in values.enumerate().collect::<Vec<_>>().into_iter().rev() {
        let place = value.range.clone();
        let number = node(What::Number(position as f64 + 1.0), place.clone(), 0)?;
        let height = key.height;
        let is_it = node(What::Binary(Binary::Equal, Box::new(key.clone()), Box::new(number)), place.clone(), height)?;
        let height = is_it.height.max(value.height).max(chosen.height);
        let arguments = vec![unnamed(is_it), unnamed(value), unnamed(chosen)];
        let call = What::Call { name: "if".to_owned(), name_range: place, arguments };
        chosen = node(call, range.clone(), height)?;
    }
    Ok(chosen)
}

fn too_deep(range: Range<usize>) -> Fault {
    let message = format!("this is nested deeper than {DEEPEST} levels or has more than {HIGHEST} parts in a row");
    let help = Some("give a part of it a name of its own, as an attribute or parameter".to_owned());
    Fault { code: "S0214", range, message, help }
}

fn node(what: What, range: Range<usize>, height_below: usize) -> Result<Node, Fault> {
    if height_below >= HIGHEST {
        return Err(too_deep(range));
    }
    Ok(Node { what, range, height: height_below + 1 })
}
