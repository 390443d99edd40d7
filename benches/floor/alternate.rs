//! Times several ways of doing the same thing in turns, so that a busy machine slows all of them, and prints ratios.

use std::time::Instant;

/// Turns of each.
const TURNS: usize = 12;

/// Something to be timed, with its name.
pub type Side<'a> = (&'a str, &'a mut dyn FnMut());

/// Seconds of CPU of this thread where the system tells, otherwise of the clock on the wall. The system counts in
/// ticks of some milliseconds, so only sums over many turns mean anything.
fn seconds(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split(' ').next().and_then(|n| n.parse::<f64>().ok()));
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |n| n * 1e-9)
}

/// Whether the bench was called to be timed, not to be listed or tried once.
pub fn wanted() -> bool {
    !std::env::args().any(|a| a == "--test" || a == "--list")
}

/// Calls all sides in turns and prints for each how much of `amount` it does in a CPU-second, and how many times as
/// much as the first one, the floor.
pub fn print_ratios(title: &str, amount: f64, unit: &str, sides: &mut [Side<'_>]) {
    let start = Instant::now();
    let mut spent = vec![0.0; sides.len()];
    for turn in 0..=TURNS {
        for ((_, work), spent) in sides.iter_mut().zip(&mut spent) {
            let before = seconds(start);
            work();
            // The first turn warms up.
            *spent += if turn > 0 { seconds(start) - before } else { 0.0 };
        }
    }
    println!("{title}: {unit} per CPU-second, and times the first");
    for ((name, _), time) in sides.iter().zip(&spent) {
        let done = amount * TURNS as f64 / time;
        println!("  {name:<44} {done:>14.0}   {:>5.2}", spent[0] / time);
    }
}
