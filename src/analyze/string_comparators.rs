#![doc = include_str!("pages/string_comparators.md")]

use super::{CannotAnswer, Entry, Fit, Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::statistics::linkage::strings::{
    damerau_levenshtein, dice_bigrams, jaro, jaro_winkler, levenshtein, osa_distance, soundex,
};
use crate::streams::Own;
use crate::tables::{Findings, Observed, ObservedSchema, Target};

/// The line of the catalogue.
pub(super) const ENTRY: Entry = Entry {
    name: "string_comparators",
    summary: "how alike two texts are: edit distances, Jaro, Jaro-Winkler, Soundex, Dice",
    page: include_str!("pages/string_comparators.md"),
    declare,
};

/// Pairs of texts.
#[derive(Debug)]
struct Comparators {
    a: Vec<String>,
    b: Vec<String>,
}

fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Box<dyn Method>> {
    let [a, b] = ["a", "b"].map(|key| {
        if options.get(key).is_none() {
            options.missing(key, problems);
        }
        let texts = options.texts(key, problems)?;
        Some(texts.into_iter().map(|text| text.text).collect::<Vec<String>>())
    });
    options.finish(problems);
    let (a, b) = (a?, b?);
    if a.len() != b.len() {
        let span = options.get("b").map_or(&options.span, OptionValue::span);
        problems
            .error("S0641", span, format!("`a` has {} texts and `b` has {}", a.len(), b.len()))
            .help("each text of `a` is compared with the one of `b` at the same place");
        return None;
    }
    Some(Box::new(Comparators { a, b }))
}

impl Method for Comparators {
    fn bind(&self, _: &Target, _: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        Err(CannotAnswer { why: "it compares texts and answers no estimand".to_owned() })
    }

    fn report(&self, _: &Observed<'_>, _: f64, _: &mut Own) -> Result<Findings, NoReport> {
        let mut findings = Findings::default();
        let values = &mut findings.values;
        let pairs = || self.a.iter().zip(&self.b);
        values.set("levenshtein", pairs().map(|(a, b)| levenshtein(a, b)).collect::<Vec<_>>());
        values.set("osa", pairs().map(|(a, b)| osa_distance(a, b)).collect::<Vec<_>>());
        values.set("damerau_levenshtein", pairs().map(|(a, b)| damerau_levenshtein(a, b)).collect::<Vec<_>>());
        values.set("jaro", pairs().map(|(a, b)| jaro(a, b)).collect::<Vec<_>>());
        values.set("jaro_winkler", pairs().map(|(a, b)| jaro_winkler(a, b)).collect::<Vec<_>>());
        values.set("soundex_a", self.a.iter().map(|a| soundex(a)).collect::<Vec<_>>());
        values.set("soundex_b", self.b.iter().map(|b| soundex(b)).collect::<Vec<_>>());
        values.set("dice_bigram", pairs().map(|(a, b)| dice_bigrams(a, b)).collect::<Vec<_>>());
        Ok(findings)
    }
}
