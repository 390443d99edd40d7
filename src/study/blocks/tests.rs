//! Whole studies with a method that may not end.

use crate::analyze::{CannotAnswer, Fit, Method};
use crate::scenario::{MethodDeclaration, Scenario, load_text};
use crate::streams::Own;
use crate::study::{Cell, Memory, Progress, RunOptions, Study, Watch, run};
use crate::tables::{
    Estimate, EstimateRow, FailureKind, FitFailure, Observed, ObservedSchema, RunProblem, StudyResult, Target,
};
use rand::TryRng;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SCENARIO: &str = "scenario = 1
study = { title = 't', aims = 'a', seed = 7, replicates = 60, time_limit = '0.2 s' }
group = [{ name = 'all', size = 50 }]
state = { x = { starts = 0.3 } }
survey = { items = { x = {} } }
estimand = [
  { name = 'all', quantity = 'prevalence', of = 'x', wave = 1, target = 'population' },
  { name = 'these', quantity = 'prevalence', of = 'x', wave = 1, target = 'cohort' },
]
method = [{ method = 'available_case' }, { name = 'moody', method = 'available_case' }]
";
const REPLICATES: u64 = 60;

/// When the method does what it is named for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Good,
    /// Never ends in about one data set of twenty, always the same ones.
    Seldom,
    /// Likewise, but it answers after all, when it is too late.
    Late,
    /// Never ends from this fit on.
    From(u64),
}

/// Another method that may not end.
#[derive(Debug)]
struct Moody {
    mood: Mood,
    inner: Arc<dyn Method>,
    /// Its threads end with the test.
    end: Arc<AtomicBool>,
    fits: Arc<AtomicU64>,
}

struct MoodyFit {
    mood: Mood,
    inner: Box<dyn Fit>,
    end: Arc<AtomicBool>,
    fits: Arc<AtomicU64>,
}

impl Method for Moody {
    fn bind(&self, target: &Target, schema: &ObservedSchema) -> Result<Box<dyn Fit>, CannotAnswer> {
        let inner = self.inner.bind(target, schema)?;
        Ok(Box::new(MoodyFit { mood: self.mood, inner, end: self.end.clone(), fits: self.fits.clone() }))
    }
}

impl MoodyFit {
    fn hangs(&self, word: u64) -> bool {
        match self.mood {
            Mood::Good => false,
            Mood::Seldom | Mood::Late => word.is_multiple_of(20),
            Mood::From(first) => self.fits.fetch_add(1, Ordering::Relaxed) >= first,
        }
    }
}

impl Fit for MoodyFit {
    fn fit(&mut self, observed: &Observed<'_>, stream: &mut Own) -> Result<Estimate, FitFailure> {
        let word = stream.try_next_u64().expect("it cannot fail");
        if self.hangs(word) {
            match self.mood {
                Mood::Late => sleep(Duration::from_millis(450)),
                _ => {
                    while !self.end.load(Ordering::Relaxed) {
                        sleep(Duration::from_millis(10));
                    }
                }
            }
        }
        self.inner.fit(observed, stream)
    }
}

/// A study whose second method is moody.
struct Made {
    scenario: Scenario,
    cells: Arc<[Cell]>,
    end: Arc<AtomicBool>,
}

impl Made {
    fn new(mood: Mood) -> Self {
        let loaded = load_text("study.toml", SCENARIO, &[]);
        let mut problems = loaded.problems;
        let mut scenario = loaded.scenario.unwrap_or_else(|| panic!("{:?}", problems.list()));
        let all = scenario.check_all(&mut problems).unwrap_or_else(|| panic!("{:?}", problems.list()));
        let end = Arc::new(AtomicBool::new(false));
        let declared = |m: &MethodDeclaration| {
            let inner = m.method.clone();
            let moody = Moody { mood, inner: inner.clone(), end: end.clone(), fits: Arc::default() };
            let method: Arc<dyn Method> = if m.name.text == "moody" { Arc::new(moody) } else { inner };
            let (estimands, options) = (m.estimands.clone(), m.options.clone());
            let (name, kind, declared) = (m.name.clone(), m.kind.clone(), m.declared.clone());
            MethodDeclaration { name, kind, method, declared, estimands, made_of: None, options }
        };
        scenario.methods = scenario.methods.iter().map(declared).collect();
        let cells = all.into_iter().map(|(condition, prepared)| Cell::new(condition, prepared, false)).collect();
        Self { scenario, cells, end }
    }

    fn run(&self, threads: usize) -> Result<StudyResult, RunProblem> {
        let options = RunOptions { seed: 7, replicates: REPLICATES, threads };
        let watch = Watch { stop: &AtomicBool::new(false), progress: &|_| {} };
        run(&self.scenario, &self.cells, &options, &watch).map(|(result, _)| result)
    }

    fn study(&self) -> Study<'_> {
        let options = RunOptions { seed: 7, replicates: REPLICATES, threads: 1 };
        let watch = Watch { stop: &AtomicBool::new(false), progress: &|_| {} };
        Study::begin(&self.scenario, &self.cells, &options, &watch).expect("it begins")
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
    }
}

fn overran() -> FitFailure {
    FitFailure::new(FailureKind::Overran, "it was still at work after 0.2 seconds")
}

/// The rows of a study whose method is in a good mood, but for those that overran in `found`, which are of the moody method.
fn as_without(found: &[EstimateRow]) -> Vec<EstimateRow> {
    let mut rows = Made::new(Mood::Good).run(1).expect("it runs").estimates;
    for (row, found) in rows.iter_mut().zip(found).filter(|(_, found)| found.result.is_err()) {
        assert_eq!(found.method, 1, "the other method never overruns");
        row.result = Err(overran());
    }
    rows
}

#[test]
fn fits_that_never_end_are_rows_and_all_others_are_the_same_at_any_number_of_threads() {
    let first = Made::new(Mood::Seldom).run(1).expect("it runs");
    assert_eq!(first.conditions[0].replicates, REPLICATES);
    assert!(!first.interrupted);
    let failed = first.estimates.iter().filter(|row| row.result.is_err()).count();
    // Of 120 fits one in twenty.
    assert!((1..=15).contains(&failed), "{failed}");
    assert_eq!(first.estimates, as_without(&first.estimates));
    for threads in [2, 8] {
        assert_eq!(Made::new(Mood::Seldom).run(threads).expect("it runs").estimates, first.estimates, "{threads}");
    }
    let status = first.statuses.iter().find(|s| format!("{s:?}").contains("Overran"));
    assert!(status.is_some(), "{:?}", first.statuses);
}

#[test]
fn a_late_answer_is_not_used() {
    let found = Made::new(Mood::Late).run(1).expect("it runs").estimates;
    assert!(found.iter().any(|row| row.result.is_err()));
    assert_eq!(found, as_without(&found));
}

#[test]
fn a_method_that_never_ends_is_named_and_what_is_done_is_kept() {
    let made = Made::new(Mood::From(40));
    let (mut study, memory) = (made.study(), Memory::default());
    let watch = Watch { stop: &AtomicBool::new(false), progress: &|_| {} };
    let problem = study.extend(&[REPLICATES], &memory, &watch).expect_err("it never ends");
    assert_eq!(problem.code, "R0013");
    assert!(problem.message.contains("of method `moody` for `"), "{}", problem.message);
    let result = study.result(REPLICATES, &memory).expect("what is known");
    let done = result.conditions[0].replicates;
    // Two fits of the method in a replicate: 20 replicates are sound, then up to 31 fits are failed rows. The batch of two
    // replicates in which the last one overran is not done.
    assert!((20..=34).contains(&done), "{done}");
    assert_eq!(result.estimates, as_without(&result.estimates)[..result.estimates.len()]);
    assert!(result.estimates.iter().filter(|row| row.replicate < 18).all(|row| row.result.is_ok()));
}

#[test]
fn a_window_and_a_replay_obey_the_limit_too() {
    let made = Made::new(Mood::Seldom);
    let all = made.run(1).expect("it runs").estimates;
    let replicate = all.iter().find(|row| row.result.is_err()).expect("one overruns").replicate;
    let of = |replicates: std::ops::Range<u64>| {
        all.iter().filter(|row| replicates.contains(&row.replicate)).cloned().collect::<Vec<_>>()
    };
    let mut study = made.study();
    assert_eq!(study.replay(0, replicate).expect("it ends"), of(replicate..replicate + 1));
    assert_eq!(study.replay(1, replicate), Ok(Vec::new()), "there is no such condition");
    let watch = Watch { stop: &AtomicBool::new(false), progress: &|_| {} };
    assert_eq!(study.window(0, replicate..replicate + 2, &watch).expect("it ends"), of(replicate..replicate + 2));
}

#[test]
fn a_stop_ends_a_study_whose_fit_never_ends() {
    let made = Made::new(Mood::From(10));
    let (mut study, memory, stop) = (made.study(), Memory::default(), AtomicBool::new(false));
    let start = Instant::now();
    let progress = |_: Progress| stop.store(true, Ordering::Relaxed);
    study.extend(&[REPLICATES], &memory, &Watch { stop: &stop, progress: &progress }).expect("it ends");
    // The limit and a little, on a machine that may have much else to do.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let done = study.result(REPLICATES, &memory).expect("what is known").conditions[0].replicates;
    assert!((1..10).contains(&done), "{done}");
}
