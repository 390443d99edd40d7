//! Ctrl-C, and panics of methods.

use super::output;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static STOP: AtomicBool = AtomicBool::new(false);

/// From now on the first Ctrl-C (or SIGTERM) sets the flag that is returned; the second one ends the program at once.
pub(super) fn stop_flag() -> &'static AtomicBool {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let handler = || {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
            output::complain("\nstopping after the batches at hand; once more to stop at once\n");
        };
        if ctrlc::set_handler(handler).is_err() {
            output::complain("note: an interrupt will end the program without a report\n");
        }
    });
    &STOP
}

/// Lets only the first panic speak: a method that panics in each replicate would fill the terminal. Every one of them
/// is a row of the estimates.
pub fn quiet_panics() {
    let usual = std::panic::take_hook();
    let spoken = AtomicBool::new(false);
    std::panic::set_hook(Box::new(move |info| {
        if !spoken.swap(true, Ordering::Relaxed) {
            usual(info);
            output::complain("this is a defect of the program; please report it with the scenario\n");
        }
    }));
}
