//! A bar on stderr for those who wait, if they look.

use super::output;
use crate::report::count;
use crate::study::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Nothing is shown before.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Bar {
    bar: ProgressBar,
    shown: AtomicBool,
    start: Instant,
    wanted: bool,
}

impl Bar {
    /// A bar for so many data sets; not shown where stderr is no terminal.
    pub(super) fn new(data_sets: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(data_sets), ProgressDrawTarget::hidden());
        let template = "{bar:30} {human_pos} of {human_len} data sets, {rate}, {eta} left {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, out: &mut dyn Write| {
                // Nothing can be done where a terminal does not take what is written.
                let _ = write!(out, "{}/s", count(state.per_sec() as u64));
            };
            bar.set_style(style.with_key("rate", rate));
        }
        bar.set_message("(true values)");
        let wanted = std::io::stderr().is_terminal();
        Self { bar, shown: AtomicBool::new(false), start: Instant::now(), wanted }
    }

    /// Says how many data sets there will be, once that is known better.
    pub(super) fn expect(&self, data_sets: u64) {
        self.bar.set_length(data_sets.max(self.bar.position()));
    }

    /// Data sets so far.
    pub(super) fn done(&self) -> u64 {
        self.bar.position()
    }

    pub(super) fn step(&self, progress: Progress) {
        let late = self.wanted && self.start.elapsed() >= PATIENCE;
        if late && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        match progress {
            Progress::TrueValues => self.bar.tick(),
            Progress::DataSets(n) => {
                if self.bar.position() == 0 {
                    // The rate is that of the data sets, without the time before the first of them.
                    self.bar.reset_eta();
                    self.bar.set_message("");
                }
                self.bar.inc(n);
            }
        }
    }

    /// Prints something on stderr without disturbing the bar.
    pub(super) fn tell(&self, text: &str) {
        self.bar.suspend(|| output::complain(text));
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
