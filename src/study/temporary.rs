//! Results in memory as long as they are few, then in a temporary store on disk.

use super::missing::Stretch;
use super::results::{Memory, Results, Sink};
use crate::store::{Identity, Opening, Store};
use crate::tables::{Block, Pairs, RunProblem};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// Most fits that are held in memory, about 130 bytes each.
const MOST: usize = 1_000_000;

/// Keeps the results of a study for as long as it runs. However many they are, they take little memory: above a million fits
/// they go to a folder for temporary files, which is removed in the end. A build without Parquet has no stores, and holds
/// all of them.
#[derive(Debug)]
pub struct Temporary {
    state: Mutex<State>,
    most: usize,
}

#[derive(Debug)]
struct State {
    memory: Memory,
    /// Fits in memory.
    fits: usize,
    announced: Vec<Pairs>,
    /// What a store would belong to.
    identity: Option<Identity>,
    disk: Option<Arc<Disk>>,
}

/// A store, closed before its folder is removed.
#[derive(Debug)]
struct Disk {
    store: Store,
    _folder: TempDir,
}

impl Temporary {
    /// For the results of the study with this identity.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        Self::holding(identity, MOST)
    }

    fn holding(identity: Identity, most: usize) -> Self {
        let identity = cfg!(feature = "columnar").then_some(identity);
        let state = State { memory: Memory::default(), fits: 0, announced: Vec::new(), identity, disk: None };
        Self { state: Mutex::new(state), most }
    }

    /// Says that so many fits will come. Where they are many, the folder is made now: nobody wants to hear after an hour
    /// that there is no place for them.
    ///
    /// # Errors
    /// R0021: it cannot be made.
    pub fn expect(&self, fits: u64) -> Result<(), RunProblem> {
        let mut state = self.state();
        let many = fits > self.most as u64;
        state.identity.take_if(|_| many).map_or(Ok(()), |identity| state.leave_memory(identity))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn disk(&self) -> Option<Arc<Disk>> {
        self.state().disk.clone()
    }
}

impl State {
    /// Moves what is in memory to disk.
    fn leave_memory(&mut self, identity: Identity) -> Result<(), RunProblem> {
        let cannot = |e| RunProblem {
            code: "R0021",
            message: format!(
                "results that memory has no room for cannot go to a folder for temporary files, which TMPDIR chooses: {e}"
            ),
            span: None,
        };
        let folder = tempfile::Builder::new().prefix("eclosion-").tempdir().map_err(cannot)?;
        let store = Store::open(folder.path(), identity, Opening { resume: false, block: 1 })?;
        self.announced.iter().try_for_each(|pairs| store.announce(pairs))?;
        for block in std::mem::take(&mut self.memory).into_blocks() {
            store.keep(&block)?;
        }
        self.disk = Some(Arc::new(Disk { store, _folder: folder }));
        Ok(())
    }
}

impl Results for Temporary {
    fn block_size(&self) -> Option<u64> {
        None
    }

    fn known(&self, condition: usize) -> Result<Vec<Stretch>, RunProblem> {
        match self.disk() {
            Some(disk) => Results::known(&disk.store, condition),
            None => self.state().memory.known(condition),
        }
    }

    fn announce(&self, pairs: &Pairs) -> Result<(), RunProblem> {
        let mut state = self.state();
        if !state.announced.contains(pairs) {
            state.announced.push(pairs.clone());
        }
        state.disk.as_ref().map_or(Ok(()), |disk| disk.store.announce(pairs))
    }

    fn keep(&self, block: Block) -> Result<(), RunProblem> {
        let mut state = self.state();
        if state.disk.is_none() {
            state.fits += block.rows.len();
            state.memory.keep(block)?;
            let full = state.fits > self.most;
            return match state.identity.take_if(|_| full) {
                Some(identity) => state.leave_memory(identity),
                None => Ok(()),
            };
        }
        let disk = state.disk.clone();
        // Blocks are written by several threads at once.
        drop(state);
        disk.map_or(Ok(()), |disk| disk.store.keep(&block))
    }

    fn each(&self, condition: usize, sink: &mut Sink<'_>) -> Result<(), RunProblem> {
        match self.disk() {
            Some(disk) => disk.store.each(condition, sink),
            None => self.state().memory.each(condition, sink),
        }
    }
}

#[cfg(all(test, feature = "columnar"))]
mod tests {
    use super::super::{Cell, Progress, RunOptions, Study, Watch, identity};
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::scenario::load_text;
    use std::sync::atomic::AtomicBool;

    const SCENARIO: &str = r#"scenario = 1
[study]
title = "t"
aims = "a"
seed = 5
replicates = 9
[time]
step = "1 month"
waves = { every = "1 year", count = 2 }
[[group]]
name = "all"
size = 20
[state.y]
starts = 0.6
[survey.items]
y = {}
[[survey.loss]]
kind = "dropout"
probability = 0.2
[[estimand]]
name = "share"
quantity = "prevalence"
of = "y"
wave = 2
[[method]]
name = "available"
method = "available_case"
[[method]]
name = "carried"
method = "locf"
[[vary]]
key = "group.size"
values = [20, 30]
"#;

    /// What is known after 5 and after 9 replicates, where so many fits are held in memory; and whether some were not.
    fn found(most: usize) -> (Vec<String>, bool) {
        let loaded = load_text("study.toml", SCENARIO, &[]);
        let scenario = loaded.scenario.expect("it is sound");
        let conditions = scenario.check_all(&mut Diagnostics::new()).expect("it is sound");
        let cells: Arc<[Cell]> = conditions.into_iter().map(|(c, p)| Cell::new(c, p, false)).collect();
        let results = Temporary::holding(identity(&scenario, &cells, 5), most);
        let (stop, quiet) = (AtomicBool::new(false), |_: Progress| {});
        let watch = Watch { stop: &stop, progress: &quiet };
        let options = RunOptions { seed: 5, replicates: 9, threads: 2 };
        let mut study = Study::begin(&scenario, &cells, &options, &watch).unwrap();
        let mut told = Vec::new();
        for replicates in [5, 9] {
            study.extend(&[replicates; 2], &results, &watch).unwrap();
            told.push(format!("{:?}", study.result(replicates, &results).unwrap()));
        }
        study
            .each_estimate(&results, &mut |rows| {
                told.push(format!("{rows:?}"));
                Ok(())
            })
            .unwrap();
        (told, results.disk().is_some())
    }

    #[test]
    fn results_on_disk_are_those_in_memory() {
        let (memory, on_disk) = found(36);
        assert!(!on_disk && memory[0] != memory[1]);
        for most in [0, 10, 35] {
            assert_eq!(found(most), (memory.clone(), true), "{most}");
        }
    }

    #[test]
    fn the_folder_is_made_when_it_is_known_to_be_needed() {
        let results = Temporary::holding(Identity::default(), 10);
        results.expect(10).unwrap();
        assert!(results.disk().is_none());
        results.expect(11).unwrap();
        assert!(results.disk().is_some());
    }
}
