//! Ratings or measurements that are compared with each other: several items at a wave, or one item at several waves.

use super::CannotAnswer;
use super::column::Column;
use super::given::{number, refuse};
use crate::diagnostic::Diagnostics;
use crate::options::{OptionValue, Options};
use crate::tables::{Observed, ObservedSchema};

/// What is compared, as declared. Waves are counted from 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Compared {
    items: Vec<String>,
    wave: Option<usize>,
    of: Option<String>,
    waves: Vec<usize>,
}

/// A rating of every record.
#[derive(Clone, Debug)]
pub(super) struct Rating {
    pub(super) name: String,
    pub(super) column: Column,
    pub(super) values: Vec<f64>,
}

fn wave(value: &OptionValue) -> Option<usize> {
    number(value).filter(|w| *w >= 1.0 && w.fract() == 0.0 && *w <= f64::from(u16::MAX)).map(|w| w as usize - 1)
}

impl Compared {
    /// Reads `items` with `wave`, or `of` with `waves` (S0660). `None` where neither is there.
    pub(super) fn declare(options: &Options, problems: &mut Diagnostics) -> Option<Self> {
        let items = options.texts("items", problems);
        let of = options.text("of", problems);
        let at = options.get("wave");
        let waves = options.list("waves", problems);
        let counted = "waves are whole numbers, counted from 1";
        let mut found = Self { of: of.map(|t| t.text), ..Self::default() };
        found.items = items.unwrap_or_default().into_iter().map(|t| t.text).collect();
        if let Some(value) = at {
            found.wave = wave(value);
            if found.wave.is_none() {
                refuse(value.span(), format!("`wave`: {counted}"), problems);
            }
        }
        for value in waves.unwrap_or_default() {
            match wave(value) {
                Some(wave) => found.waves.push(wave),
                None => refuse(value.span(), format!("`waves`: {counted}"), problems),
            }
        }
        if let (Some(_), Some(value)) = (&found.of, options.get("items")) {
            refuse(
                value.span(),
                "`items` (at one wave) and `of` (at several) cannot both be there".to_owned(),
                problems,
            );
        }
        (found.of.is_some() || !found.items.is_empty()).then_some(found)
    }

    /// The ratings of a data set.
    pub(super) fn read(&self, observed: &Observed<'_>) -> Result<Vec<Rating>, CannotAnswer> {
        let schema = observed.schema();
        if let Some(of) = &self.of {
            let column = Column::need(of, schema)?;
            let all: Vec<usize> = (0..schema.waves()).collect();
            let waves = if self.waves.is_empty() { &all } else { &self.waves };
            return waves
                .iter()
                .map(|wave| {
                    check(*wave, schema)?;
                    let values = column.read(observed, *wave);
                    Ok(Rating { name: format!("{of} at wave {}", wave + 1), column: column.clone(), values })
                })
                .collect();
        }
        let wave = match self.wave {
            Some(wave) => wave,
            None if schema.waves() == 1 => 0,
            None => {
                let why = format!("say at which `wave` the items are compared; there are {}", schema.waves());
                return Err(CannotAnswer { why });
            }
        };
        check(wave, schema)?;
        let rating = |name: &String| {
            let column = Column::need(name, schema)?;
            let values = column.read(observed, wave);
            Ok(Rating { name: name.clone(), column, values })
        };
        self.items.iter().map(rating).collect()
    }
}

fn check(wave: usize, schema: &ObservedSchema) -> Result<(), CannotAnswer> {
    let waves = schema.waves();
    if wave < waves {
        return Ok(());
    }
    Err(CannotAnswer { why: format!("there is no wave {}; the survey has {waves}", wave + 1) })
}

/// The ratings of each record in turn.
pub(super) fn by_record(ratings: &[Rating]) -> Vec<f64> {
    let records = ratings.first().map_or(0, |rating| rating.values.len());
    (0..records).flat_map(|i| ratings.iter().map(move |rating| rating.values[i])).collect()
}
