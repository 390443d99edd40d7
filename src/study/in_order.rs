//! Tasks on several threads, their results in the order of the tasks whatever thread did them. The threads borrow what they
//! work on and are waited for: tasks that may never end are for a `crew`.

use super::crew::cannot_start;
use crate::tables::RunProblem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// As many threads as the machine has cores.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Does the tasks `0..tasks` on so many threads (0: as many as cores) and returns what each gave; `None` for those not begun
/// when `stop` was set.
///
/// Threads take the tasks in ascending order, and a task that was taken is finished: what is missing after a stop
/// comes after nearly all that is there. `state` is made once per thread and handed to each of its tasks.
///
/// # Errors
/// The problem of the lowest-numbered task that has one, the same at any number of threads; or no thread could be started
/// (R0012).
pub fn in_order<S, T: Send>(
    threads: usize,
    tasks: usize,
    stop: &AtomicBool,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, RunProblem> + Sync,
) -> Result<(Vec<Option<T>>, Vec<S>), RunProblem>
where
    S: Send,
{
    let threads = if threads == 0 { cores() } else { threads };
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let body = || {
        let mut state = state();
        let mut done = Vec::new();
        while !stop.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= tasks {
                break;
            }
            let result = work(&mut state, task);
            if result.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            done.push((task, result));
        }
        (done, state)
    };
    let per_thread = std::thread::scope(|scope| {
        let start = |_| std::thread::Builder::new().spawn_scoped(scope, body).map_err(|e| cannot_start(&e));
        let started: Vec<_> = (0..threads).map(start).collect::<Result<_, _>>()?;
        let ends = started.into_iter().map(|t| t.join().unwrap_or_else(|p| std::panic::resume_unwind(p)));
        Ok(ends.collect::<Vec<_>>())
    })?;
    let mut results: Vec<Option<T>> = std::iter::repeat_with(|| None).take(tasks).collect();
    let mut states = Vec::with_capacity(per_thread.len());
    let mut first_problem: Option<(usize, RunProblem)> = None;
    for (done, state) in per_thread {
        states.push(state);
        for (task, result) in done {
            match result {
                Ok(value) => results[task] = Some(value),
                Err(problem) if first_problem.as_ref().is_none_or(|(first, _)| task < *first) => {
                    first_problem = Some((task, problem));
                }
                Err(_) => {}
            }
        }
    }
    match first_problem {
        Some((_, problem)) => Err(problem),
        None => Ok((results, states)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_tasks_at_any_number_of_threads() {
        for threads in [1, 2, 8] {
            let stop = AtomicBool::new(false);
            let (done, states) = in_order(
                threads,
                100,
                &stop,
                || 0_usize,
                |count, task| {
                    *count += 1;
                    Ok(task * task)
                },
            )
            .unwrap();
            assert_eq!(done, (0..100).map(|t| Some(t * t)).collect::<Vec<_>>());
            assert_eq!(states.len(), threads);
            assert_eq!(states.iter().sum::<usize>(), 100);
        }
    }

    #[test]
    fn the_first_problem_by_number_is_reported() {
        for threads in [1, 2, 8] {
            for _ in 0..20 {
                let stop = AtomicBool::new(false);
                let found = in_order(
                    threads,
                    200,
                    &stop,
                    || (),
                    |(), task| {
                        if task == 17 {
                            std::thread::yield_now();
                        }
                        if task % 50 >= 17 {
                            Err(RunProblem { code: "R0001", message: task.to_string(), span: None })
                        } else {
                            Ok(task)
                        }
                    },
                );
                assert_eq!(found.map(|_| ()).unwrap_err().message, "17");
            }
        }
    }

    #[test]
    fn a_stop_keeps_what_is_done() {
        let stop = AtomicBool::new(false);
        let (done, _) = in_order(
            1,
            10,
            &stop,
            || (),
            |(), task| {
                stop.store(task == 3, Ordering::Relaxed);
                Ok(task)
            },
        )
        .unwrap();
        assert_eq!(done.iter().flatten().copied().collect::<Vec<_>>(), [0, 1, 2, 3]);
    }
}
