//! Times two ways of doing the same thing in turns, so that a busy machine slows both, and prints their ratio.

use std::time::Instant;

/// Seconds of CPU of this thread where the system tells, otherwise of the clock on the wall.
fn seconds(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split(' ').next().and_then(|n| n.parse::<f64>().ok()));
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |n| n * 1e-9)
}

/// Whether the bench was called to be timed, not to be listed or tried once.
pub fn wanted() -> bool {
    !std::env::args().any(|a| a == "--test" || a == "--list")
}

/// Calls both in turns, prints the least time of each for `amount` of `unit`, and the ratio of the two.
pub fn print_ratio(amount: f64, unit: &str, mut floor: impl FnMut(), engine: Option<&mut dyn FnMut()>) {
    const TURNS: usize = 15;
    let start = Instant::now();
    let time = |work: &mut dyn FnMut()| {
        let before = seconds(start);
        work();
        seconds(start) - before
    };
    let mut least = [f64::INFINITY; 2];
    let mut engine = engine;
    for _ in 0..TURNS {
        least[0] = least[0].min(time(&mut floor));
        if let Some(engine) = engine.as_mut() {
            least[1] = least[1].min(time(&mut **engine));
        }
    }
    println!("floor  {:>14.0} {unit} per CPU-second", amount / least[0]);
    if engine.is_some() {
        println!("engine {:>14.0} {unit} per CPU-second", amount / least[1]);
        println!("ratio  {:>14.2} (time of the engine over time of the floor)", least[1] / least[0]);
    } else {
        println!("engine {:>14} not measured", "-");
    }
}
