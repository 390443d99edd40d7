//! Conditions of a skip pattern as REDCap writes them: `earning == 1 and not (well == 0)` is `[earning] = '1' and ...`.
//!
//! Translated are comparisons of a variable with a number or a level, joined by `and`, `or` and brackets; a bare yes/no
//! variable is `= '1'`. Anything else is left to the reader.

use crate::formula::FUNCTION_NAMES;

/// A variable that a condition can name: its name in the scenario, its name in REDCap, and its levels.
pub(super) struct Known<'a> {
    pub name: &'a str,
    pub field: &'a str,
    pub levels: &'a [String],
    pub yes_no: bool,
}

/// The condition in REDCap's words; `None` where it says more than these can.
pub(super) fn translated(formula: &str, known: &[Known<'_>]) -> Option<String> {
    let tokens = tokens(formula)?;
    let mut reader = Reader { tokens: &tokens, at: 0, known };
    let text = reader.any()?;
    (reader.at == tokens.len()).then_some(text)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Level(String),
    Number(String),
    Sign(&'static str),
}

/// Two-letter signs come before their first letters.
const SIGNS: [&str; 8] = ["==", "!=", "<=", ">=", "<", ">", "(", ")"];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let taken = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else if let Some(inside) = rest.strip_prefix('\'') {
            let end = inside.find('\'')?;
            tokens.push(Token::Level(inside[..end].to_owned()));
            end + 2
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            tokens.push(Token::Number(rest[..end].to_owned()));
            end
        } else if first.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            end
        } else {
            return None;
        };
        rest = rest[taken..].trim_start();
    }
    Some(tokens)
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    known: &'a [Known<'a>],
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, token: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(found);
        found
    }

    fn joined(&mut self, word: &str, part: fn(&mut Self) -> Option<String>) -> Option<String> {
        let mut text = part(self)?;
        while self.takes(&Token::Word(word.to_owned())) {
            text = format!("{text} {word} {}", part(self)?);
        }
        Some(text)
    }

    fn any(&mut self) -> Option<String> {
        self.joined("or", Self::all)
    }

    fn all(&mut self) -> Option<String> {
        self.joined("and", Self::single)
    }

    fn single(&mut self) -> Option<String> {
        if self.takes(&Token::Sign("(")) {
            let inside = self.any()?;
            return self.takes(&Token::Sign(")")).then(|| format!("({inside})"));
        }
        let variable = self.variable()?;
        let sign = match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) if *sign != ")" && *sign != "(" => *sign,
            _ => return variable.yes_no.then(|| format!("[{}] = '1'", variable.field)),
        };
        self.at += 1;
        let value = match self.next()? {
            Token::Number(number) => number,
            // Choices are numbered from 1.
            Token::Level(level) => (variable.levels.iter().position(|l| *l == level)? + 1).to_string(),
            _ => return None,
        };
        let sign = match sign {
            "==" => "=",
            "!=" => "<>",
            other => other,
        };
        Some(format!("[{}] {sign} '{value}'", variable.field))
    }

    /// A name, or `reported(name)`.
    fn variable(&mut self) -> Option<&'a Known<'a>> {
        let Token::Word(mut word) = self.next()? else { return None };
        if word == "reported" && self.takes(&Token::Sign("(")) {
            let Token::Word(inside) = self.next()? else { return None };
            word = inside;
            if !self.takes(&Token::Sign(")")) {
                return None;
            }
        } else if FUNCTION_NAMES.contains(&word.as_str()) {
            return None;
        }
        self.known.iter().find(|known| known.name == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_by_hand() {
        let levels = ["shelter".to_owned(), "community".to_owned()];
        let known = [
            Known { name: "setting", field: "setting", levels: &levels, yes_no: false },
            Known { name: "Age", field: "age", levels: &[], yes_no: false },
            Known { name: "earning", field: "earning", levels: &[], yes_no: true },
        ];
        let cases = [
            ("earning", Some("[earning] = '1'")),
            ("earning == 0 and Age >= 15", Some("[earning] = '0' and [age] >= '15'")),
            ("reported(earning) == 1", Some("[earning] = '1'")),
            (
                "(setting == 'community' or Age < 18) and earning != 1",
                Some("([setting] = '2' or [age] < '18') and [earning] <> '1'"),
            ),
            ("setting == 'nowhere'", None),
            ("exp(Age) > 2", None),
            ("Age + 1 > 2", None),
            ("not earning", None),
            ("unknown == 1", None),
            ("earning ==", None),
            ("(earning", None),
            ("earning earning", None),
            ("", None),
        ];
        for (formula, expected) in cases {
            assert_eq!(translated(formula, &known).as_deref(), expected, "{formula}");
        }
    }
}
