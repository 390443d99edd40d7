//! The numbering of all persons is lost between two years: from a wave on everybody has a new number.

use super::Trouble;
use super::desk::Desk;
use crate::diagnostic::Diagnostics;
use crate::formula::{OnlyParameters, Wanted, compile};
use crate::observe::link::NOBODY;
use crate::observe::scope::SurveyScope;
use crate::options::Options;

pub(super) const KEY: &str = "all_lost_at";

#[derive(Debug)]
struct AllLost {
    /// The waves, from 0.
    waves: Vec<usize>,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Box<dyn Trouble>> {
    let most = scope.truth.waves.len();
    let mut waves = Vec::new();
    for text in options.texts(KEY, problems)? {
        let wave = compile(&text, &Wanted::Number, &OnlyParameters(scope.parameters), problems).map(|p| p.constant());
        match wave {
            Some(Some(wave)) if wave.fract() == 0.0 && (2.0..=most as f64).contains(&wave) => {
                waves.push(wave as usize - 1);
            }
            Some(_) => {
                let help = match most {
                    0 | 1 => "there is one wave, so nothing is to be joined".to_owned(),
                    _ => format!("the number of a wave that has one before it, from 2 to {most}"),
                };
                problems.error("S0439", &text.span, format!("numbers cannot be lost at wave {}", text.text)).help(help);
            }
            None => {}
        }
    }
    Some(Box::new(AllLost { waves }))
}

impl Trouble for AllLost {
    fn work(&self, desk: &mut Desk<'_, '_>) -> (u64, u64) {
        let known = (0..desk.held.len()).filter(|p| desk.held[*p].record != NOBODY).collect::<Vec<_>>();
        if !self.waves.contains(&desk.wave) {
            return (known.len() as u64, 0);
        }
        known.iter().for_each(|person| desk.lose_number(*person));
        (known.len() as u64, known.len() as u64)
    }
}
