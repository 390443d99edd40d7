//! Site loss: a partner leaves and takes all persons of its site with it. It is drawn once per site and wave.

use super::chance::{chance, from_wave, reads_only, sites_change};
use super::{Declared, Part, WaveLoss};
use crate::diagnostic::Diagnostics;
use crate::formula::{Program, Wanted, compile};
use crate::observe::run::{Presence, Sites};
use crate::observe::scope::{Meaning, SurveyScope};
use crate::options::Options;
use crate::rules::{Rule, Shape};
use crate::streams::Purpose;
use crate::tables::{Reason, RunProblem};
use std::sync::Arc;

pub(super) const SUMMARY: &str = "a partner leaves with all persons of its site; `rate` per site-year or `probability` per \
                                  wave, `returns` per wave to come back (absent: never)";

#[derive(Debug)]
struct SiteLoss {
    goes: Rule,
    returns: Option<Rule>,
    from_wave: usize,
    /// Whether persons may move from a site that has gone to one that has not.
    sites_change: bool,
}

pub(super) fn declare(
    options: &Options,
    scope: &SurveyScope<'_>,
    purpose: &str,
    problems: &mut Diagnostics,
) -> Option<Declared> {
    let from_wave = from_wave(options, 1, scope, problems);
    if scope.truth.sites.is_empty() {
        problems
            .error("S0412", &options.span, "a site can be lost only where there are sites")
            .help("add a `[[site]]` table, or write `kind = \"dropout\"`");
    }
    let goes = scope.before_interview(|| chance(options, scope, problems));
    let goes = goes.and_then(|(shape, program)| of_sites(shape, program, purpose, scope, problems));
    let returns = match options.get("returns") {
        None => Some(None),
        Some(_) => {
            let text = options.formula("returns", problems);
            let program =
                text.and_then(|t| scope.before_interview(|| compile(&t, &Wanted::Probability, scope, problems)));
            let purpose = format!("{purpose}.returns");
            program.and_then(|p| of_sites(Shape::Yes, p, &purpose, scope, problems)).map(Some)
        }
    };
    let sites_change = sites_change(scope);
    let loss = SiteLoss { goes: goes?, returns: returns?, from_wave: from_wave?, sites_change };
    (!scope.truth.sites.is_empty()).then(|| Declared::Waves(Arc::new(loss)))
}

/// The rule of a formula that reads nothing that differs between the persons of a site.
fn of_sites(
    shape: Shape,
    program: Program,
    purpose: &str,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Rule> {
    let may = |meaning| matches!(meaning, Meaning::Time | Meaning::Wave | Meaning::Site | Meaning::SiteEffect(_));
    let help = "read parameters, `wave`, `time`, `site` and random effects of sites";
    reads_only(&program, may, ("a site is lost with all its persons alike", help), scope, problems)?;
    Some(Rule::new(shape, vec![program], None, Purpose::named(purpose)))
}

impl WaveLoss for SiteLoss {
    fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![Part { suffix: "", rules: vec![&self.goes] }];
        parts.extend(self.returns.iter().map(|r| Part { suffix: ", return", rules: vec![r] }));
        parts
    }

    fn reasons(&self) -> Vec<Reason> {
        vec![Reason::SiteLost]
    }

    fn first_wave(&self) -> usize {
        self.from_wave
    }

    fn is_for_good(&self) -> bool {
        false
    }

    fn leaves_gaps(&self) -> bool {
        self.returns.is_some() || self.sites_change
    }

    fn work_on_sites(&self, sites: &mut Sites<'_, '_>) -> Result<(), RunProblem> {
        if sites.wave() < self.from_wave {
            return Ok(());
        }
        let was_lost = sites.lost().to_vec();
        let is_there: Vec<u8> = was_lost.iter().map(|lost| 1 - lost).collect();
        let goes = sites.decide(&self.goes, 0, &was_lost)?;
        let returns = match &self.returns {
            Some(rule) => sites.decide(rule, 1, &is_there)?,
            None => vec![0; was_lost.len()],
        };
        let mut counts = [(0, 0); 2];
        for site in 0..was_lost.len() {
            let was = usize::from(was_lost[site]);
            let changes = if was == 1 { returns[site] } else { goes[site] };
            counts[was].0 += 1;
            counts[was].1 += u64::from(changes);
            sites.lost()[site] = was_lost[site] ^ changes;
        }
        sites.count(0, counts[0].0, counts[0].1);
        if self.returns.is_some() {
            sites.count(1, counts[1].0, counts[1].1);
        }
        Ok(())
    }

    fn work(&self, persons: &mut Presence<'_, '_>) -> Result<(), RunProblem> {
        let lost = persons.at_lost_site();
        for row in (0..lost.len()).filter(|row| lost[*row]) {
            if persons.status()[row] == 0 {
                persons.take_out(row, Reason::SiteLost, false);
            }
        }
        Ok(())
    }
}
