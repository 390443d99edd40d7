//! Threads that hand whole blocks to [`Results`], so that those that make them never wait for it. They run no method, so
//! they always end, and may borrow.

use super::crew::cannot_start;
use super::results::Results;
use crate::tables::{Block, RunProblem};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Instant;

/// Threads of a study that one keeper can keep up with: to write a block costs a small part of what it costs to make it.
const EACH: usize = 16;

/// Calls `body` with what keeps a block, in turn on as many threads as `threads` that make blocks need; it says so when
/// a keeper has given up. Gives what `body` gave, and the seconds that keeping took.
///
/// # Errors
/// What is kept cannot be written, or no thread could be started (R0012).
pub(super) fn keeping<T>(
    results: &dyn Results,
    threads: usize,
    body: impl FnOnce(&mut dyn FnMut(Block) -> ControlFlow<()>) -> T,
) -> Result<(T, f64), RunProblem> {
    std::thread::scope(|scope| {
        let mut keepers = Vec::new();
        for _ in 0..threads.div_ceil(EACH) {
            // One block waits while another is written: no more of them pile up.
            let (sender, receiver) = sync_channel(1);
            let body = move || keep_all(results, &receiver);
            let thread = std::thread::Builder::new().spawn_scoped(scope, body).map_err(|e| cannot_start(&e))?;
            keepers.push((sender, thread));
        }
        let mut turn = 0;
        let given = body(&mut |block| {
            turn = (turn + 1) % keepers.len().max(1);
            match keepers.get(turn).is_some_and(|(sender, _)| sender.send(block).is_ok()) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        // Without senders the keepers end.
        let threads: Vec<_> = keepers.into_iter().map(|(_, thread)| thread).collect();
        let ends = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|p| std::panic::resume_unwind(p)));
        let seconds: Vec<f64> = ends.collect::<Result<_, RunProblem>>()?;
        Ok((given, seconds.iter().sum()))
    })
}

fn keep_all(results: &dyn Results, blocks: &Receiver<Block>) -> Result<f64, RunProblem> {
    let mut seconds = 0.0;
    for block in blocks {
        let clock = Instant::now();
        results.keep(block)?;
        seconds += clock.elapsed().as_secs_f64();
    }
    Ok(seconds)
}
