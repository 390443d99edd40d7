//! The right-hand side of a regression in R's notation: `1`, `name`, `factor(name)`, `a:b`, joined by `+`. What the
//! names mean is the caller's business.

use std::ops::Range;

/// One factor of a term of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFactor {
    /// The name of a variable.
    pub name: String,
    /// Whether it was written `factor(name)`.
    pub as_factor: bool,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
}

impl ModelFactor {
    /// As written, without spaces.
    #[must_use]
    pub fn text(&self) -> String {
        if self.as_factor { format!("factor({})", self.name) } else { self.name.clone() }
    }
}

/// One term of a model: the product of its factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTerm {
    /// At least one.
    pub factors: Vec<ModelFactor>,
}

impl ModelTerm {
    /// As written, without spaces.
    #[must_use]
    pub fn text(&self) -> String {
        self.factors.iter().map(ModelFactor::text).collect::<Vec<_>>().join(":")
    }
}

/// Something in a model that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelProblem {
    /// What is wrong, a lower-case fragment.
    pub message: String,
    /// Where in the text, in bytes; empty where something is missing.
    pub range: Range<usize>,
}

/// Reads the terms of a model, each once, in the order written. The intercept is always in a model, so `1` adds
/// nothing. With the terms that can be read come the problems of the others.
#[must_use]
pub fn parse_model(text: &str) -> (Vec<ModelTerm>, Vec<ModelProblem>) {
    let (mut terms, mut problems) = (Vec::<ModelTerm>::new(), Vec::new());
    for (symbol, message) in
        [('~', "write the right-hand side only, without `~`"), ('*', "write `a + b + a:b` for `a*b`")]
    {
        if let Some(at) = text.find(symbol) {
            problems.push(ModelProblem { message: message.to_owned(), range: at..at + symbol.len_utf8() });
            return (terms, problems);
        }
    }
    for part in pieces(text, 0..text.len(), '+') {
        if &text[part.clone()] == "1" {
            continue;
        }
        let factors: Result<_, _> = pieces(text, part, ':').into_iter().map(|piece| factor(text, piece)).collect();
        match factors.map(|factors| ModelTerm { factors }) {
            Ok(term) if terms.iter().any(|t| t.text() == term.text()) => {}
            Ok(term) => terms.push(term),
            Err(problem) => problems.push(problem),
        }
    }
    (terms, problems)
}

/// The pieces of a stretch of `text` between separators, without the spaces around them.
fn pieces(text: &str, stretch: Range<usize>, separator: char) -> Vec<Range<usize>> {
    let mut start = stretch.start;
    text[stretch]
        .split(separator)
        .map(|piece| {
            let from = start + (piece.len() - piece.trim_start().len());
            start += piece.len() + separator.len_utf8();
            from..from + piece.trim().len()
        })
        .collect()
}

fn factor(text: &str, range: Range<usize>) -> Result<ModelFactor, ModelProblem> {
    let written = &text[range.clone()];
    let inner = written.strip_prefix("factor").and_then(|rest| rest.trim_start().strip_prefix('('));
    let closed = inner.map(|inner| inner.strip_suffix(')').map(str::trim));
    let message = match closed {
        Some(None) => format!("`{written}` has no closing `)`"),
        Some(Some(name)) if is_name(name) => {
            return Ok(ModelFactor { name: name.to_owned(), as_factor: true, range });
        }
        None if is_name(written) => return Ok(ModelFactor { name: written.to_owned(), as_factor: false, range }),
        _ => match written {
            "" => format!("a term is missing in `{text}`"),
            "0" | "-1" => "the intercept cannot be left out".to_owned(),
            _ => format!("`{written}` is neither `1`, a name, `factor(name)` nor `a:b`"),
        },
    };
    Err(ModelProblem { message, range })
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    first && letters.all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_all_kinds() {
        let text = "1 + age + factor( wave ) + age :factor(g)+age";
        let (terms, problems) = parse_model(text);
        let texts: Vec<String> = terms.iter().map(ModelTerm::text).collect();
        assert_eq!(texts, ["age", "factor(wave)", "age:factor(g)"]);
        let places: Vec<&str> = terms.iter().flat_map(|t| &t.factors).map(|f| &text[f.range.clone()]).collect();
        assert_eq!(places, ["age", "factor( wave )", "age", "factor(g)"]);
        assert_eq!(problems, []);
        assert_eq!(parse_model("1"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_cannot_be_read_is_named_at_its_place() {
        let cases: [(&str, &str, Range<usize>); 9] = [
            ("y ~ a", "write the right-hand side only, without `~`", 2..3),
            ("a*b", "write `a + b + a:b` for `a*b`", 1..2),
            ("a + ", "a term is missing in `a + `", 4..4),
            ("", "a term is missing in ``", 0..0),
            ("a: + b", "a term is missing in `a: + b`", 2..2),
            ("0 + a", "the intercept cannot be left out", 0..1),
            ("é + factor(a", "`factor(a` has no closing `)`", 5..13),
            ("log(a)", "`log(a)` is neither `1`, a name, `factor(name)` nor `a:b`", 0..6),
            ("factor()", "`factor()` is neither `1`, a name, `factor(name)` nor `a:b`", 0..8),
        ];
        for (text, message, range) in cases {
            let (_, problems) = parse_model(text);
            assert_eq!(problems, [ModelProblem { message: message.to_owned(), range }], "{text}");
        }
    }

    #[test]
    fn every_problem_is_found_and_the_rest_is_read() {
        let (terms, problems) = parse_model("2x + a + b^2");
        assert_eq!(terms.iter().map(ModelTerm::text).collect::<Vec<_>>(), ["a"]);
        assert_eq!(problems.iter().map(|p| p.range.clone()).collect::<Vec<_>>(), [0..2, 9..12]);
    }
}
