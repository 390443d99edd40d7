//! Random terms: `(1 + x | id)`.

use super::lexer::{Placed, Token, written};
use super::parser::{Parser, Piece};
use super::{ModelProblem, ModelVariable, RandomTerm};

impl Parser<'_> {
    /// Whether a `|` stands directly in the bracket that opens at a token.
    pub fn holds_bar(&self, first: usize) -> bool {
        let mut open = 0_usize;
        for token in self.tokens.iter().skip(first) {
            match token.token {
                Token::Symbol('(') => open += 1,
                Token::Symbol(')') => open = open.saturating_sub(1),
                Token::Symbol('|') if open == 1 => return true,
                _ => {}
            }
            if open == 0 {
                return false;
            }
        }
        false
    }

    /// `1 + x | id)`.
    pub fn random_term(&mut self, first: usize) -> Result<Piece, ModelProblem> {
        let help = "write `(1 | id)`: coefficients, `|`, and the name of what makes the groups";
        // The intercept of the random term is its own, and is there unless taken away.
        let outside = (std::mem::replace(&mut self.intercept, true), std::mem::replace(&mut self.removing, false));
        let sets = self.deeper(|parser| Ok(parser.sum()));
        let intercept = std::mem::replace(&mut self.intercept, outside.0);
        self.removing = outside.1;
        let sets = sets?;
        if !self.takes('|') {
            return Err(self.unexpected());
        }
        if self.sees('|') {
            let help = "write `(1 | id) + (0 + x | id)` for coefficients that are not correlated";
            return Err(ModelProblem::new(self.place(), "`||` is not known here", help));
        }
        let Some(Placed { token: Token::Name(name), range }) = self.tokens.get(self.next) else {
            return Err(ModelProblem::new(self.place(), "a random term needs the name of what makes its groups", help));
        };
        let group = ModelVariable { name: name.clone(), lagged: false, range: range.clone() };
        self.next += 1;
        if !self.sees(')') && self.next < self.tokens.len() {
            return Err(ModelProblem::new(self.place(), "the groups of a random term are one name", help));
        }
        self.close(first)?;
        let range = self.stretch(first);
        if self.removing {
            return Err(ModelProblem::new(range, "a random term cannot be taken away", "leave it out"));
        }
        let terms = self.ordered(sets);
        if terms.is_empty() && !intercept {
            return Err(ModelProblem::new(range, "this random term has no coefficient", help));
        }
        let text = written(self.tokens.get(first + 1..self.next - 1).unwrap_or(&[]));
        self.random.push(RandomTerm { intercept, terms, group, text, range: range.clone() });
        Ok(Piece::Kept { what: "a random term", range })
    }
}
