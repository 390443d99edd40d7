//! From tokens to a model. The rules for `+ - * / : ^` are those of R's `terms.formula`: a term is a set of factors, a
//! list of terms holds each once, and `(a + b)^2` is the list's product with itself.

use super::lexer::{Placed, Token, tokens};
use super::{Expression, Model, ModelFactor, ModelProblem, ModelTerm, ModelVariable, RandomTerm};
use std::ops::Range;

/// Deepest nesting of brackets and signs.
const DEEPEST: usize = 64;
/// Most terms of a model.
const MOST_TERMS: usize = 1_000;

/// A term as the sorted positions of its factors; the intercept is not among terms.
type Set = Vec<usize>;

/// What stands between two signs of a sum.
pub(super) enum Piece {
    /// Terms that can be multiplied, joined and taken away.
    Terms(Vec<Set>),
    /// Something that has been kept elsewhere and can only be added: an intercept, an offset, a random term.
    Kept { what: &'static str, range: Range<usize> },
}

/// Reads a model. With what can be read come the problems of the rest; the model is only to be used if there are none.
#[must_use]
pub fn parse_model(text: &str) -> (Model, Vec<ModelProblem>) {
    let tokens = match tokens(text) {
        Ok(tokens) => tokens,
        Err(problem) => return (Model { intercept: true, ..Model::default() }, vec![problem]),
    };
    let mut parser = Parser::new(text, &tokens);
    let response = parser.response();
    let sets = parser.sum();
    if parser.next < tokens.len() {
        let problem = parser.unexpected();
        parser.problems.push(problem);
    }
    let terms = parser.ordered(sets);
    let Parser { intercept, offsets, random, problems, .. } = parser;
    (Model { response, intercept, terms, offsets, random }, problems)
}

/// The state of reading.
pub(super) struct Parser<'a> {
    pub text: &'a str,
    pub tokens: &'a [Placed],
    pub next: usize,
    depth: usize,
    /// Whether what is read is taken away, after an odd number of `-`.
    pub removing: bool,
    pub intercept: bool,
    /// Every factor once, in the order in which it first stands in the text.
    factors: Vec<ModelFactor>,
    offsets: Vec<Expression<ModelVariable>>,
    pub random: Vec<RandomTerm>,
    problems: Vec<ModelProblem>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, tokens: &'a [Placed]) -> Self {
        Self {
            text,
            tokens,
            next: 0,
            depth: 0,
            removing: false,
            intercept: true,
            factors: Vec::new(),
            offsets: Vec::new(),
            random: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub fn sees(&self, symbol: char) -> bool {
        self.tokens.get(self.next).is_some_and(|t| t.is(symbol))
    }

    /// Takes a symbol if it comes next.
    pub fn takes(&mut self, symbol: char) -> bool {
        let seen = self.sees(symbol);
        self.next += usize::from(seen);
        seen
    }

    /// The place of the next token, or the empty end of the text.
    pub fn place(&self) -> Range<usize> {
        self.tokens.get(self.next).map_or(self.text.len()..self.text.len(), |t| t.range.clone())
    }

    /// Where the stretch of tokens from `first` to the last one taken stands.
    pub fn stretch(&self, first: usize) -> Range<usize> {
        let taken = self.tokens.get(first..self.next).unwrap_or(&[]);
        let start = taken.first().map_or(self.text.len(), |t| t.range.start);
        start..taken.last().map_or(start, |t| t.range.end)
    }

    /// What to say of a token that cannot stand where it does.
    pub fn unexpected(&self) -> ModelProblem {
        let range = self.place();
        let help = "terms are joined by `+`, `-`, `*`, `:` or `/`";
        match self.tokens.get(self.next).map(|t| &t.token) {
            None => ModelProblem::new(range, format!("a term is missing in `{}`", self.text), help),
            Some(Token::Symbol('~')) => {
                let help = "write one outcome, then `~`, then the terms: `y ~ a + b`";
                ModelProblem::new(range, "`~` cannot stand here", help)
            }
            Some(Token::Symbol(')')) => ModelProblem::new(range, "this bracket closes none", "leave it out"),
            Some(Token::Symbol('|')) => {
                let help = "a random term stands in brackets of its own: `(1 | id)`";
                ModelProblem::new(range, "`|` cannot stand here", help)
            }
            Some(_) => {
                let written = self.text.get(range.clone()).unwrap_or("");
                ModelProblem::new(range.clone(), format!("`{written}` cannot stand here"), help)
            }
        }
    }

    /// One level deeper, if that is allowed.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ModelProblem>) -> Result<T, ModelProblem> {
        if self.depth >= DEEPEST {
            let message = format!("this is nested deeper than {DEEPEST} levels");
            return Err(ModelProblem::new(self.place(), message, "use fewer brackets"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// The outcome before `~`, if there is a `~`.
    fn response(&mut self) -> Option<ModelVariable> {
        let tilde = self.tokens.iter().position(|t| t.is('~'))?;
        self.next = tilde + 1;
        let help = "write one name before `~`: `y ~ a + b`; a changed outcome needs a variable of its own";
        match self.tokens.get(..tilde) {
            Some([Placed { token: Token::Name(name), range }]) => {
                Some(ModelVariable { name: name.clone(), lagged: false, range: range.clone() })
            }
            Some([]) => None,
            Some([first, ..]) => {
                let range = first.range.start..self.tokens.get(tilde - 1).map_or(0, |t| t.range.end);
                self.problems.push(ModelProblem::new(range, "the outcome must be a name", help));
                None
            }
            None => None,
        }
    }

    /// A sum of pieces up to the end, a closing bracket or `|`. A piece that cannot be read is noted and left out.
    pub fn sum(&mut self) -> Vec<Set> {
        let mut sum: Vec<Set> = Vec::new();
        let mut first = true;
        loop {
            let minus = self.sees('-');
            if minus || self.sees('+') {
                self.next += 1;
            } else if !first {
                return sum;
            }
            first = false;
            let outside = self.removing;
            self.removing = outside != minus;
            let start = self.next;
            match self.product() {
                Ok(Piece::Terms(terms)) if minus => sum.retain(|known| !terms.contains(known)),
                Ok(Piece::Terms(terms)) => join(&mut sum, terms),
                Ok(Piece::Kept { .. }) => {}
                Err(problem) => {
                    self.problems.push(problem);
                    self.skip_from(start);
                }
            }
            self.removing = outside;
        }
    }

    /// Goes from the token where a piece begins to the next sign of the sum, or to its end.
    fn skip_from(&mut self, first: usize) {
        let mut open = 0_usize;
        self.next = first;
        while let Some(token) = self.tokens.get(self.next) {
            match token.token {
                Token::Symbol('(') => open += 1,
                Token::Symbol(')') if open > 0 => open -= 1,
                Token::Symbol(')' | '+' | '-' | '|') if open == 0 => return,
                _ => {}
            }
            self.next += 1;
        }
    }

    /// `a * b` and `a / b`.
    fn product(&mut self) -> Result<Piece, ModelProblem> {
        let mut left = self.interaction()?;
        loop {
            let nests = self.sees('/');
            if !nests && !self.sees('*') {
                return Ok(left);
            }
            self.next += 1;
            let mut all = multipliable(left)?;
            let right = multipliable(self.interaction()?)?;
            let products = match nests {
                // `(a + b) / c` is `a + b + a:b:c`.
                true => crossed(&[union(all.iter().flatten())], &right)?,
                false => {
                    let products = crossed(&all, &right)?;
                    join(&mut all, right);
                    products
                }
            };
            join(&mut all, products);
            left = Piece::Terms(all);
        }
    }

    /// `a:b`.
    fn interaction(&mut self) -> Result<Piece, ModelProblem> {
        let mut left = self.power()?;
        while self.takes(':') {
            let all = multipliable(left)?;
            left = Piece::Terms(crossed(&all, &multipliable(self.power()?)?)?);
        }
        Ok(left)
    }

    /// `(a + b)^2`.
    fn power(&mut self) -> Result<Piece, ModelProblem> {
        let start = self.next;
        let piece = self.primary()?;
        if !self.takes('^') {
            return Ok(piece);
        }
        let exponent = match self.tokens.get(self.next).map(|t| &t.token) {
            Some(Token::Number(value)) if *value >= 1.0 && *value <= 64.0 && libm::trunc(*value) == *value => *value,
            _ => {
                let help = "write `(a + b)^2` for all terms and their products of two";
                return Err(ModelProblem::new(self.place(), "a power must be a whole number from 1 to 64", help));
            }
        };
        self.next += 1;
        let terms = multipliable(piece)?;
        if let [one] = &terms[..]
            && one.len() == 1
        {
            let range = self.stretch(start);
            let written = self.text.get(range.clone()).unwrap_or("");
            let message = format!("`{written}` in a model is not a power of the number");
            return Err(ModelProblem::new(range, message, format!("write `I({written})`")));
        }
        let mut all = terms.clone();
        for _ in 1..exponent as usize {
            let next = crossed(&all, &terms)?;
            if next == all {
                break;
            }
            all = next;
        }
        Ok(Piece::Terms(all))
    }

    /// An intercept: `1` adds it and `0` takes it away, and the other way round after `-`.
    pub fn intercept(&mut self, one: bool) {
        self.intercept = one != self.removing;
    }

    /// Adds an offset.
    pub fn offset(&mut self, of: Expression<ModelVariable>, range: Range<usize>) -> Result<Piece, ModelProblem> {
        if self.removing {
            return Err(ModelProblem::new(range, "an offset cannot be taken away", "leave it out"));
        }
        self.offsets.push(of);
        Ok(Piece::Kept { what: "an offset", range })
    }

    /// The single term of a factor.
    pub fn factor(&mut self, factor: ModelFactor) -> Piece {
        let position = self.factors.iter().position(|known| known.text == factor.text).unwrap_or_else(|| {
            self.factors.push(factor);
            self.factors.len() - 1
        });
        Piece::Terms(vec![vec![position]])
    }

    /// What stands in brackets: a sum, or a random term. The opening bracket, at token `first`, has been taken.
    pub fn bracket(&mut self, first: usize) -> Result<Piece, ModelProblem> {
        if self.holds_bar(first) {
            return self.random_term(first);
        }
        let sets = self.deeper(|parser| Ok(parser.sum()))?;
        self.close(first)?;
        Ok(Piece::Terms(sets))
    }

    /// Takes the bracket that closes the one at token `first`.
    pub fn close(&mut self, first: usize) -> Result<(), ModelProblem> {
        if self.takes(')') {
            return Ok(());
        }
        if self.next < self.tokens.len() {
            return Err(self.unexpected());
        }
        let range = self.tokens.get(first).map_or(0..0, |t| t.range.start..self.text.trim_end().len());
        let written = self.text.get(range.clone()).unwrap_or("");
        let message = format!("`{written}` has no closing `)`");
        Err(ModelProblem::new(range, message, "close it: `factor(a)`"))
    }

    /// The terms of sets of factors, by the number of factors and else as they are.
    pub fn ordered(&self, mut sets: Vec<Set>) -> Vec<ModelTerm> {
        sets.sort_by_key(Vec::len);
        let term = |set: Set| ModelTerm { factors: set.iter().filter_map(|k| self.factors.get(*k)).cloned().collect() };
        sets.into_iter().map(term).collect()
    }
}

/// The terms of a piece that is multiplied or raised.
fn multipliable(piece: Piece) -> Result<Vec<Set>, ModelProblem> {
    match piece {
        Piece::Terms(terms) => Ok(terms),
        Piece::Kept { what, range } => {
            let help = "put it between `+`: `a * b + offset(x)`";
            Err(ModelProblem::new(range, format!("{what} can only be added"), help))
        }
    }
}

/// Adds the terms that are not there yet.
fn join(all: &mut Vec<Set>, more: Vec<Set>) {
    for term in more {
        if !term.is_empty() && !all.contains(&term) {
            all.push(term);
        }
    }
}

fn union<'b>(factors: impl Iterator<Item = &'b usize>) -> Set {
    let mut set: Set = factors.copied().collect();
    set.sort_unstable();
    set.dedup();
    set
}

/// Every term of one list with every term of the other.
fn crossed(left: &[Set], right: &[Set]) -> Result<Vec<Set>, ModelProblem> {
    let mut all = Vec::new();
    if left.len().saturating_mul(right.len()) > MOST_TERMS {
        let message = format!("the model has more than {MOST_TERMS} terms");
        return Err(ModelProblem::new(0..0, message, "write out the terms that are wanted"));
    }
    for one in left {
        join(&mut all, right.iter().map(|other| union(one.iter().chain(other))).collect());
    }
    Ok(all)
}
