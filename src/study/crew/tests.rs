use super::*;
use std::sync::atomic::AtomicU64;
use std::thread::sleep;

/// Far longer than the fits here take, even on a busy machine, where they do not mean to be late.
const LIMIT: Duration = Duration::from_millis(150);
const FITS: u64 = 5;

/// Tasks of five fits each, done by a function of task and fit.
struct Calls<F> {
    tasks: usize,
    fit: F,
}

type Row = (usize, Vec<Option<u64>>);

impl<F: Fn(usize, u64) -> Result<u64, RunProblem> + Send + Sync + 'static> Job for Calls<F> {
    type Done = Row;

    fn tasks(&self) -> usize {
        self.tasks
    }

    fn serve(&self, post: &mut Post<Row>) {
        post.each(|task, pulse| {
            let mut answers = Vec::new();
            for k in 0..FITS {
                answers.push(pulse.fit(|| (self.fit)(task, k))?.transpose()?);
            }
            Ok((task, answers))
        });
    }

    fn whose(&self, task: usize, position: u64) -> String {
        format!("fit {position} of task {task}")
    }
}

/// All rows in order, and how many threads were left behind.
fn all<F>(tasks: usize, threads: usize, limit: Option<Duration>, fit: F) -> (Result<Vec<Row>, RunProblem>, usize)
where
    F: Fn(usize, u64) -> Result<u64, RunProblem> + Send + Sync + 'static,
{
    let (mut rows, mut left) = (Vec::new(), Left::default());
    let ended = run(&Arc::new(Calls { tasks, fit }), threads, limit, &mut left, &AtomicBool::new(false), &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    rows.sort();
    (ended.map(|()| rows), left.threads.len())
}

fn product(task: usize, k: u64) -> u64 {
    1000 * task as u64 + k
}

/// What is expected where some fits overrun.
fn expected(tasks: usize, overrun: &[(usize, u64)]) -> Vec<Row> {
    let row = |task| (0..FITS).map(|k| (!overrun.contains(&(task, k))).then(|| product(task, k))).collect();
    (0..tasks).map(|task| (task, row(task))).collect()
}

fn for_ever() -> ! {
    loop {
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_fit_that_never_ends_is_the_only_one_without_an_answer() {
    // Two in the same task, and one in the last fit of the last task.
    let endless = [(3, 0), (3, 4), (7, 2), (19, 4)];
    for threads in [1, 2, 8] {
        let (rows, left) = all(20, threads, Some(LIMIT), move |task, k| match endless.contains(&(task, k)) {
            true => for_ever(),
            false => Ok(product(task, k)),
        });
        assert_eq!(rows.unwrap(), expected(20, &endless), "{threads} threads");
        assert_eq!(left, 4);
    }
}

#[test]
fn a_thread_that_spins_is_left_behind_too() {
    let end = Arc::new(AtomicBool::new(false));
    let seen = end.clone();
    let (rows, _) = all(6, 2, Some(LIMIT), move |task, k| {
        while (task, k) == (2, 3) && !seen.load(Ordering::Relaxed) {
            std::hint::spin_loop();
        }
        Ok(product(task, k))
    });
    end.store(true, Ordering::Relaxed);
    assert_eq!(rows.unwrap(), expected(6, &[(2, 3)]));
}

#[test]
fn a_fit_below_the_limit_is_not_touched() {
    // Together they take longer than the limit, each of them a tenth of it.
    let slow = |task: usize, k: u64| {
        sleep(LIMIT / 10);
        Ok(product(task, k))
    };
    let (rows, left) = all(4, 2, Some(LIMIT * 3), slow);
    assert_eq!((rows.unwrap(), left), (expected(4, &[]), 0));
}

#[test]
fn without_a_limit_a_fit_may_take_any_time() {
    let (rows, left) = all(2, 2, None, |task, k| {
        if (task, k) == (1, 1) {
            sleep(LIMIT * 3);
        }
        Ok(product(task, k))
    });
    assert_eq!((rows.unwrap(), left), (expected(2, &[]), 0));
}

#[test]
fn an_answer_that_comes_too_late_is_not_used() {
    // It returns while the other tasks are still worked, and would give its task a second time.
    let late = Arc::new(AtomicU64::new(0));
    let count = late.clone();
    let (rows, _) = all(30, 1, Some(LIMIT), move |task, k| {
        if (task, k) == (1, 1) {
            sleep(LIMIT * 2);
            count.fetch_add(1, Ordering::Relaxed);
        } else if k == 0 {
            sleep(LIMIT / 10);
        }
        Ok(product(task, k))
    });
    assert_eq!(rows.unwrap(), expected(30, &[(1, 1)]));
    assert_eq!(late.load(Ordering::Relaxed), 1, "it has returned, and was not tried twice");
}

#[test]
fn too_many_threads_left_behind_are_a_problem() {
    let (rows, left) = all(1000, 8, Some(LIMIT), |task, k| match k {
        1 => for_ever(),
        _ => Ok(product(task, k)),
    });
    let problem = rows.unwrap_err();
    assert_eq!(problem.code, "R0013");
    assert!(problem.message.contains("32 fits are still at work after more than 0.15 seconds"), "{}", problem.message);
    assert!(problem.message.contains("1 of them are of fit 1 of task 0:"), "{}", problem.message);
    assert!((MOST_LEFT..MOST_LEFT + 8).contains(&left), "{left}");
}

#[test]
fn threads_that_have_returned_are_not_counted() {
    let mut left = Left::default();
    for _ in 0..3 * MOST_LEFT {
        let thread = std::thread::Builder::new().spawn(|| ()).unwrap();
        while !thread.is_finished() {
            std::thread::yield_now();
        }
        left.add("a".to_owned(), thread, LIMIT).unwrap();
    }
    assert!(left.threads.len() <= 1);
}

#[test]
fn the_first_problem_by_number_is_reported_though_its_thread_was_left_behind() {
    let problem = |task: usize| RunProblem { code: "R0001", message: task.to_string(), span: None };
    for threads in [2, 8] {
        // Task 1 is left behind at its first fit; its problem is found when it is done again, long after that of task 2.
        let (rows, _) = all(40, threads, Some(LIMIT), move |task, k| match (task, k) {
            (1, 0) => for_ever(),
            (1, 1) | (2.., 4) => Err(problem(task)),
            _ => Ok(product(task, k)),
        });
        assert_eq!(rows.unwrap_err().message, "1", "{threads} threads");
    }
}

#[test]
fn a_stop_ends_a_fit_that_never_would() {
    let stop = AtomicBool::new(false);
    let job = Calls {
        tasks: 1000,
        fit: |task: usize, k| match task {
            5 => for_ever(),
            _ => Ok(product(task, k)),
        },
    };
    let (mut rows, mut left) = (Vec::new(), Left::default());
    let start = Instant::now();
    run(&Arc::new(job), 1, Some(LIMIT), &mut left, &stop, &mut |row: Row| {
        stop.store(row.0 == 4, Ordering::Relaxed);
        rows.push(row);
        ControlFlow::Continue(())
    })
    .unwrap();
    // The task after the one that stopped may have been begun before the stop was seen.
    assert_eq!(rows, expected(5, &[]));
    assert!(left.threads.len() <= 1);
    assert!(start.elapsed() < LIMIT * 20, "{:?}", start.elapsed());
}

#[test]
fn breaking_off_is_a_stop() {
    let mut seen = 0;
    let job = Arc::new(Calls { tasks: 1_000_000, fit: |task, k| Ok(product(task, k)) });
    run(&job, 2, None, &mut Left::default(), &AtomicBool::new(false), &mut |_| {
        seen += 1;
        ControlFlow::Break(())
    })
    .unwrap();
    assert!(seen < 1000, "{seen} tasks were done");
}

#[test]
fn a_panic_outside_of_fits_is_passed_on() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let found = catch_unwind(|| {
        all(10, 2, Some(LIMIT), |task, k| {
            assert!(task < 4, "task {task}");
            Ok(product(task, k))
        })
    });
    std::panic::set_hook(hook);
    assert!(found.is_err());
}

#[test]
fn nothing_to_do_is_done_at_once() {
    assert_eq!(all(0, 4, Some(LIMIT), |_, _| Ok(0)).0.unwrap(), []);
}
