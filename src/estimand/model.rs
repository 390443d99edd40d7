//! The right-hand side of a regression in R's notation, as columns of a design.

use super::scope::{Name, fill, names};
use crate::diagnostic::{Diagnostics, Span, Text, near_miss};
use crate::tables::{Truth, TruthSchema};
use std::ops::Range;

/// A column of the design: a product of parts, with the name that R would give it.
#[derive(Clone, Debug)]
pub(super) struct DesignColumn {
    /// Such as `(Intercept)`, `g`, `factor(site)2`, `g:age`.
    pub name: String,
    parts: Vec<Part>,
}

/// One part of a product.
#[derive(Clone, Debug)]
struct Part {
    name: Name,
    growth: f64,
    /// 1 where the value is this one and 0 elsewhere; absent: the value itself.
    equals: Option<f64>,
}

/// A design at one moment.
#[derive(Clone, Debug)]
pub(super) struct Design {
    /// The columns, the intercept first.
    pub columns: Vec<DesignColumn>,
    /// Position of the column whose coefficient is asked for.
    pub wanted: usize,
}

impl Design {
    /// Reads a model (S0511) and looks up the wanted term (S0512).
    pub fn new(
        model: &Text,
        term: &str,
        truth: &TruthSchema,
        moment: usize,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let mut columns = vec![DesignColumn { name: "(Intercept)".to_owned(), parts: Vec::new() }];
        // Terms as written and the columns that each of them became.
        let mut written: Vec<(String, Range<usize>)> = vec![("1".to_owned(), 0..1)];
        let mut sound = true;
        for (text, span) in split(&model.text, '+', &model.span) {
            if text == "1" {
                continue;
            }
            let Some(new) = read_term(text, &span, truth, moment, problems) else {
                sound = false;
                continue;
            };
            written.push((text.split_whitespace().collect(), columns.len()..columns.len() + new.len()));
            columns.extend(new);
        }
        if !sound {
            return None;
        }
        let compact: String = term.split_whitespace().collect();
        let wanted = columns.iter().position(|c| c.name == compact).or_else(|| {
            let found = written.iter().find(|(text, range)| *text == compact && range.len() == 1);
            found.map(|(_, range)| range.start)
        });
        let Some(wanted) = wanted else {
            let known: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
            problems
                .error("S0512", &model.span, format!("the model has no single coefficient `{term}`"))
                .help(format!("its coefficients are: {}", known.join(", ")));
            return None;
        };
        Some(Self { columns, wanted })
    }

    /// What it reads.
    pub fn names(&self) -> impl Iterator<Item = Name> + '_ {
        self.columns.iter().flat_map(|c| c.parts.iter().map(|p| p.name))
    }

    /// Writes the columns at these rows into `out`, one vector per column.
    pub fn fill(&self, truth: &Truth, moment: usize, rows: &Range<usize>, out: &mut [Vec<f64>]) {
        let mut values = vec![0.0; rows.len()];
        for (column, out) in self.columns.iter().zip(out) {
            out.clear();
            out.resize(rows.len(), 1.0);
            for part in &column.parts {
                fill(part.name, part.growth, truth, moment, rows.clone(), &mut values);
                for (out, value) in out.iter_mut().zip(&values) {
                    *out *= part.equals.map_or(*value, |level| f64::from(u8::from(*value == level)));
                }
            }
        }
    }
}

/// The pieces of `text` between separators, trimmed, each with its place.
fn split<'a>(text: &'a str, separator: char, span: &Span) -> Vec<(&'a str, Span)> {
    let mut start = 0;
    text.split(separator)
        .map(|piece| {
            let from = start + (piece.len() - piece.trim_start().len());
            start += piece.len() + separator.len_utf8();
            let piece = piece.trim();
            (piece, span.within(&(from..from + piece.len())))
        })
        .collect()
}

/// The columns of one term: a factor, or a product of factors.
fn read_term(
    text: &str,
    span: &Span,
    truth: &TruthSchema,
    moment: usize,
    problems: &mut Diagnostics,
) -> Option<Vec<DesignColumn>> {
    let mut columns = vec![DesignColumn { name: String::new(), parts: Vec::new() }];
    for (factor, span) in split(text, ':', span) {
        let new = read_factor(factor, &span, truth, moment, problems)?;
        // In R's order the levels of the first factor change fastest.
        columns = new.iter().flat_map(|right| columns.iter().map(move |left| left.times(right))).collect();
    }
    Some(columns)
}

impl DesignColumn {
    fn times(&self, right: &Self) -> Self {
        let name = match self.name.is_empty() {
            true => right.name.clone(),
            false => format!("{}:{}", self.name, right.name),
        };
        Self { name, parts: self.parts.iter().chain(&right.parts).cloned().collect() }
    }
}

/// The columns of `x` or `factor(x)`: one for a number, one for each level but the first for levels.
fn read_factor(
    text: &str,
    span: &Span,
    truth: &TruthSchema,
    moment: usize,
    problems: &mut Diagnostics,
) -> Option<Vec<DesignColumn>> {
    let inner = text.strip_prefix("factor(").and_then(|rest| rest.strip_suffix(')')).map(str::trim);
    let word = inner.unwrap_or(text);
    if word.is_empty() || !word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.') {
        problems
            .error("S0511", span, format!("`{text}` is not a term of a model"))
            .help("a model is a sum of `name`, `factor(name)` and `a:b`; the intercept is always in it");
        return None;
    }
    let Some(name) = Name::find(truth, word) else {
        let problem = problems.error("S0501", span, format!("the truth has no variable `{word}`"));
        if let Some(near) = near_miss(word, names(truth)) {
            problem.help(format!("did you mean `{near}`?"));
        }
        return None;
    };
    let growth = name.growth(truth, moment);
    let levels = name.levels(truth);
    if inner.is_none() && levels.is_empty() {
        return Some(vec![DesignColumn { name: word.to_owned(), parts: vec![Part { name, growth, equals: None }] }]);
    }
    let prefix: String = text.split_whitespace().collect();
    let Some(values) = name.values(truth) else {
        problems
            .error("S0511", span, format!("`{word}` has no levels that `factor` could take"))
            .help(format!("write `{word}` for its slope"));
        return None;
    };
    let column = |(i, value): (usize, &f64)| DesignColumn {
        name: format!("{prefix}{}", levels.get(i).cloned().unwrap_or_else(|| value.to_string())),
        parts: vec![Part { name, growth, equals: Some(value + growth) }],
    };
    Some(values.iter().enumerate().skip(1).map(column).collect())
}
