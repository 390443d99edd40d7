//! How a thread tells from outside whether it is still at the same fit, and how it learns that it was left behind.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A thread that finds this in place of its own count has been left behind.
const LEFT: u64 = u64::MAX;

/// A task, and which of its fits have overrun: their positions among the fits of the task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) task: usize,
    pub(super) overran: BTreeSet<u64>,
}

/// What others can see of a thread.
#[derive(Debug, Default)]
pub(super) struct Seat {
    /// Beginnings and ends of fits so far: odd within a fit.
    beats: AtomicU64,
    /// The turn at hand, and the beats before it.
    turn: Mutex<(Turn, u64)>,
}

impl Seat {
    /// The fit that the thread is in, as a number that no other fit of this thread has.
    pub(super) fn fit(&self) -> Option<u64> {
        Some(self.beats.load(Ordering::Relaxed)).filter(|beats| beats % 2 == 1)
    }

    /// Leaves the thread behind if it is still in this fit. Gives its turn, with the fit among those that overran, and the
    /// position of the fit. From then on nothing that the thread does counts.
    pub(super) fn leave(&self, fit: u64) -> Option<(Turn, u64)> {
        // The thread ends its fit by putting another number in this place: one of the two comes first.
        self.beats.compare_exchange(fit, LEFT, Ordering::AcqRel, Ordering::Relaxed).ok()?;
        let (mut turn, before) = self.turn.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let position = fit.saturating_sub(before) / 2;
        turn.overran.insert(position);
        Some((turn, position))
    }
}

/// The thread has been left behind: what it has done is somebody else's work now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::study) struct LeftBehind;

/// A thread's own side of its seat.
#[derive(Debug, Default)]
pub(in crate::study) struct Pulse {
    pub(super) seat: Arc<Seat>,
    beats: u64,
    before: u64,
    overran: BTreeSet<u64>,
}

impl Pulse {
    /// Begins a turn.
    pub(super) fn begin(&mut self, turn: Turn) {
        self.before = self.beats;
        self.overran.clone_from(&turn.overran);
        *self.seat.turn.lock().unwrap_or_else(PoisonError::into_inner) = (turn, self.before);
    }

    /// Does the next fit of the task; `None`, without doing it, where it overran before.
    pub(in crate::study) fn fit<T>(&mut self, fit: impl FnOnce() -> T) -> Result<Option<T>, LeftBehind> {
        let position = (self.beats - self.before) / 2;
        self.beats += 2;
        if self.overran.contains(&position) {
            return Ok(None);
        }
        self.seat.beats.store(self.beats - 1, Ordering::Relaxed);
        let answer = fit();
        match self.seat.beats.swap(self.beats, Ordering::AcqRel) {
            LEFT => Err(LeftBehind),
            _ => Ok(Some(answer)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(task: usize, overran: &[u64]) -> Turn {
        Turn { task, overran: overran.iter().copied().collect() }
    }

    #[test]
    fn a_thread_is_left_behind_within_a_fit_only() {
        let mut pulse = Pulse::default();
        let seat = pulse.seat.clone();
        pulse.begin(turn(7, &[]));
        assert_eq!(seat.fit(), None);
        assert_eq!(pulse.fit(|| seat.fit()), Ok(Some(Some(1))));
        assert_eq!((seat.fit(), seat.leave(1)), (None, None), "it has ended");
        let left = pulse.fit(|| assert_eq!(seat.leave(3), Some((turn(7, &[1]), 1)), "the second fit of the turn"));
        assert_eq!(left, Err(LeftBehind), "its answer came too late");
    }

    #[test]
    fn what_overran_is_not_tried_again_and_counts_all_the_same() {
        let mut pulse = Pulse::default();
        let seat = pulse.seat.clone();
        // Beats of an earlier turn, so that positions are counted from the beginning of this one.
        pulse.begin(turn(1, &[]));
        assert_eq!(pulse.fit(|| ()), Ok(Some(())));
        pulse.begin(turn(2, &[0, 2]));
        let done: Vec<Option<u64>> = (0..4).map(|k| pulse.fit(|| k).expect("it is not left behind")).collect();
        assert_eq!(done, [None, Some(1), None, Some(3)]);
        let fifth = pulse.fit(|| seat.leave(seat.fit().expect("it is in a fit")));
        assert_eq!(fifth, Err(LeftBehind));
        assert_eq!(seat.turn.lock().unwrap().0, turn(2, &[0, 2]));
        pulse = Pulse::default();
        let seat = pulse.seat.clone();
        pulse.begin(turn(2, &[0, 2]));
        for _ in 0..3 {
            assert!(pulse.fit(|| ()).is_ok());
        }
        let mut found = None;
        assert_eq!(pulse.fit(|| found = seat.leave(seat.fit().unwrap())), Err(LeftBehind));
        assert_eq!(found, Some((turn(2, &[0, 2, 3]), 3)));
    }
}
