//! The right-hand side of a regression in R's notation, as columns of a design.

use super::scope::{Name, fill, names};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{ModelFactor, ModelTerm, parse_model};
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
        let (terms, unreadable) = parse_model(&model.text);
        for problem in &unreadable {
            problems
                .error("S0511", &model.span.within(&problem.range), problem.message.clone())
                .help("a model is a sum of `name`, `factor(name)` and `a:b`; the intercept is always in it");
        }
        let mut columns = vec![DesignColumn { name: "(Intercept)".to_owned(), parts: Vec::new() }];
        // Terms as written and the columns that each of them became.
        let mut written: Vec<(String, Range<usize>)> = vec![("1".to_owned(), 0..1)];
        let mut sound = unreadable.is_empty();
        let mut binding = Binding { truth, moment, model, problems };
        for term in &terms {
            let Some(new) = binding.term(term) else {
                sound = false;
                continue;
            };
            written.push((term.text(), columns.len()..columns.len() + new.len()));
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

impl DesignColumn {
    fn times(&self, right: &Self) -> Self {
        let name = match self.name.is_empty() {
            true => right.name.clone(),
            false => format!("{}:{}", self.name, right.name),
        };
        Self { name, parts: self.parts.iter().chain(&right.parts).cloned().collect() }
    }
}

/// What the names of a model are looked up in.
struct Binding<'a> {
    truth: &'a TruthSchema,
    moment: usize,
    model: &'a Text,
    problems: &'a mut Diagnostics,
}

impl Binding<'_> {
    /// The columns of one term: a factor, or a product of factors.
    fn term(&mut self, term: &ModelTerm) -> Option<Vec<DesignColumn>> {
        let mut columns = vec![DesignColumn { name: String::new(), parts: Vec::new() }];
        for factor in &term.factors {
            let new = self.factor(factor)?;
            // In R's order the levels of the first factor change fastest.
            columns = new.iter().flat_map(|right| columns.iter().map(move |left| left.times(right))).collect();
        }
        Some(columns)
    }

    /// The columns of `x` or `factor(x)`: one for a number, one for each level but the first for levels.
    fn factor(&mut self, factor: &ModelFactor) -> Option<Vec<DesignColumn>> {
        let (truth, word, span) = (self.truth, &factor.name, self.model.span.within(&factor.range));
        let Some(name) = Name::find(truth, word) else {
            let problem = self.problems.error("S0501", &span, format!("the truth has no variable `{word}`"));
            if let Some(near) = near_miss(word, names(truth)) {
                problem.help(format!("did you mean `{near}`?"));
            }
            return None;
        };
        let growth = name.growth(truth, self.moment);
        let levels = name.levels(truth);
        if !factor.as_factor && levels.is_empty() {
            return Some(vec![DesignColumn { name: word.clone(), parts: vec![Part { name, growth, equals: None }] }]);
        }
        let Some(values) = name.values(truth) else {
            self.problems
                .error("S0511", &span, format!("`{word}` has no levels that `factor` could take"))
                .help(format!("write `{word}` for its slope"));
            return None;
        };
        let prefix = factor.text();
        let column = |(i, value): (usize, &f64)| DesignColumn {
            name: format!("{prefix}{}", levels.get(i).cloned().unwrap_or_else(|| value.to_string())),
            parts: vec![Part { name, growth, equals: Some(value + growth) }],
        };
        Some(values.iter().enumerate().skip(1).map(column).collect())
    }
}
