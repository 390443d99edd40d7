//! Partners who leave, and all persons of their sites with them.

use crate::common::*;
use eclosion::observe;
use eclosion::simulate;
use eclosion::streams::{Space, Streams};
use eclosion::tables::{Audit, Reason};

const PEOPLE: &str = "time = { step = '1 year', waves = { every = '1 year', count = 5 } }\n\
                      group = [{ name = 'one', size = 150 }, { name = 'two', size = 90 }]\n\
                      site = [{ count = 12, effect = 'normal(mean = 0, sd = 1)' }]\nstate.x.starts = 0.5\n";

fn lost(people: &str, loss: &str, replicates: u64) -> Seen {
    seen(&format!("{people}[[survey.loss]]\nkind = 'site_loss'\n{loss}\n"), replicates)
}

/// Sites of each replicate by wave: whether lost, where a site has persons. Checks that all or none of them are lost.
fn sites(seen: &Seen) -> Vec<Vec<Option<bool>>> {
    let count = seen.truth.schema.sites.len();
    let replicates = seen.truth.replicates.end as usize;
    let mut all = Vec::new();
    for wave in 1..=seen.waves() {
        let mut lost: Vec<Option<bool>> = vec![None; count * replicates];
        let site = seen.truth.site_at(seen.truth.schema.waves[wave - 1]).unwrap();
        for (i, site) in site.iter().enumerate() {
            let now = seen.reasons("x", wave)[i] == Reason::SiteLost as u8;
            assert_eq!(now, !seen.attended(wave)[i]);
            if *site as usize == count {
                assert!(!now, "without a site");
                continue;
            }
            let at = i / seen.truth.schema.persons * count + *site as usize;
            assert!(lost[at].is_none_or(|before| before == now), "all or none of a site");
            lost[at] = Some(now);
        }
        all.push(lost);
    }
    all
}

#[test]
fn all_persons_of_a_site_are_lost_at_once() {
    let seen = lost(PEOPLE, "rate = 0.3", 200);
    for (wave, lost) in sites(&seen).into_iter().enumerate() {
        let there: Vec<bool> = lost.into_iter().flatten().collect();
        assert_share(share(there.len(), |_| true, |s| there[s]), -libm::expm1(-0.3 * wave as f64));
    }
    for wave in 2..=5 {
        assert!((0..seen.rows()).all(|i| seen.attended(wave - 1)[i] || !seen.attended(wave)[i]), "for good");
    }
    // Sites are counted, not persons.
    let (at_risk, happened) = seen.done("site_loss", 2);
    assert_eq!(at_risk, 2400);
    assert_eq!(seen.done("site_loss", 3).0, 2400 - happened);
    assert_eq!(seen.done("site_loss", 1), (0, 0));
}

#[test]
fn a_partner_may_come_back() {
    let seen = lost(PEOPLE, "probability = 0.3\nreturns = 0.5\nfrom_wave = 1", 200);
    let all = sites(&seen);
    for (wave, lost) in all.iter().enumerate() {
        let there: Vec<bool> = lost.iter().copied().flatten().collect();
        let want = 0.3 / 0.8 * (1.0 - libm::pow(0.2, wave as f64 + 1.0));
        assert_share(share(there.len(), |_| true, |s| there[s]), want);
    }
    let back = |s: usize| all[2][s] == Some(true);
    assert_share(share(all[2].len(), back, |s| all[3][s] == Some(false)), 0.5);
    let lost_then = seen.done("site_loss, return", 4).0;
    assert_eq!(lost_then + seen.done("site_loss", 4).0, 2400);
}

/// Formulas read the site, its random effect, the wave and the time.
#[test]
fn formulas_of_sites() {
    let seen =
        lost(PEOPLE, "probability = \"if(site == 'site 3' and wave == 2 or site == 'site 5' and time >= 3, 1, 0)\"", 3);
    let site = seen.truth.site_at(0).unwrap();
    for (i, site) in site.iter().enumerate() {
        let lost: Vec<bool> = (1..=5).map(|wave| !seen.attended(wave)[i]).collect();
        let from = match site {
            2 => 2,
            4 => 4,
            _ => 6,
        };
        assert_eq!(lost, (1..=5).map(|wave| wave >= from).collect::<Vec<_>>());
    }
    let by_effect = lost_by_effect();
    let effects = &by_effect.truth.site_effects[0];
    let all = sites(&by_effect);
    for (lost, at) in all[1].iter().zip(0..) {
        assert!(lost.is_none_or(|lost| lost == (effects[at] > 0.5)));
    }
}

fn lost_by_effect() -> Seen {
    lost(PEOPLE, "probability = 'if(site_effect > 0.5, 1, 0)'", 20)
}

/// Whoever moves from a lost site to another one is there again, and whoever is without a site is never lost.
#[test]
fn the_present_site_counts() {
    let people = "time = { step = '1 year', waves = { every = '1 year', count = 5 } }\n\
                  group = [{ name = 'all', size = 300, start = { setting = 'shelter' } }]\n\
                  site = [{ setting = 'shelter', count = 4 }, { setting = 'community', count = 3 }]\n\
                  [state.setting]\nlevels = ['shelter', 'community', 'street']\nstarts = 'shelter'\n\
                  moves = [{ from = 'shelter', to = 'community', rate = 0.4 }, { from = 'community', to = 'street', rate = 0.3 }]\n\
                  [state.x]\nstarts = 0.5\n";
    let seen = lost(people, "probability = 0.4", 40);
    let all = sites(&seen);
    assert_eq!(all.len(), 5);
    let came_back = (0..seen.rows()).filter(|i| !seen.attended(2)[*i] && seen.attended(3)[*i]).count();
    assert!(came_back > 100, "{came_back}");
    let count = seen.truth.schema.sites.len();
    let street =
        seen.truth.site_at(seen.truth.schema.waves[4]).unwrap().iter().filter(|s| **s as usize == count).count();
    assert!(street > 1000, "{street}");
}

/// Parts of a cohort lose the same sites as the whole, and count each site once; so do batches of any size.
#[test]
fn parts_and_batches_are_the_whole() {
    let losses = "[[survey.loss]]\nkind = 'intermittent'\nprobability = 0.2\nreturns = 0.4\n\
                  [[survey.loss]]\nkind = 'tracing'\nprobability = 0.2\n\
                  [[survey.loss]]\nkind = 'site_loss'\nprobability = 0.3\nreturns = 0.5\n";
    let prepared = study(&format!("{PEOPLE}{losses}"));
    let whole = see(&prepared, 0..6);
    for batch in [0..1_u64, 1..3, 5..6] {
        let first = batch.start as usize * 240;
        let part = see(&prepared, batch);
        for wave in 1..=5 {
            assert_eq!(part.reasons("x", wave), &whole.reasons("x", wave)[first..first + part.rows()]);
        }
    }
    let streams = Streams::new(20_101, Space::Study);
    let one = see(&prepared, 4..5);
    let mut sum = Audit::default();
    for persons in [0..17, 17..160, 160..240] {
        let mut scratch = simulate::Scratch::default();
        let truth = prepared.truth.simulate_part(&streams, 4, persons.clone(), &mut scratch).unwrap().unwrap();
        let survey = &prepared.survey;
        let mut scratch = observe::Scratch::default();
        let (observed, audit) =
            survey.observe_part(&truth, persons.clone(), &streams, Keep::Cells, &mut scratch).unwrap().unwrap();
        for wave in 1..=5 {
            assert_eq!(audit.cells[0][wave - 1], &one.reasons("x", wave)[persons.clone()]);
            assert_eq!(observed.attended[wave - 1], &one.attended(wave)[persons.clone()]);
        }
        sum.add_counts(&audit);
    }
    assert_eq!(sum.mechanisms, one.audit.mechanisms);
    assert_eq!(sum.counts, one.audit.counts);
}

/// A value that no probability can have stops the study and names the site.
#[test]
fn a_value_that_cannot_be_used_names_the_site() {
    let text = format!("{PEOPLE}[[survey.loss]]\nkind = 'site_loss'\nprobability = '2 + site_effect'\n");
    let problem = try_see(&study(&text), 1, 3..5, Keep::Answers).err().unwrap();
    assert_eq!(problem.code, "R0002");
    let end = "for site `site 1` in replicate 3 at wave 2, and that cannot be used here";
    assert!(
        problem.message.starts_with("`2 + site_effect` is ") && problem.message.ends_with(end),
        "{}",
        problem.message
    );
}
