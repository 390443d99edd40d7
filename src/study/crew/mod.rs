//! Threads that can be left behind.
//!
//! Safe Rust cannot stop a thread, so a fit that never ends would hold up its study for ever. Here a thread owns all that it
//! works on, and whoever waits for it looks from time to time whether it is still at the same fit. Where that has lasted for
//! longer than a fit may take, the thread is left alone with it, and its task is given to a fresh one, which does all of the
//! task but the fits that overran. A thread that returns after all sees that it was left behind, and ends without a word.

mod pulse;
#[cfg(test)]
mod tests;

pub(super) use pulse::{LeftBehind, Pulse};

use crate::numeric::time;
use crate::tables::RunProblem;
use pulse::{Seat, Turn};
use std::any::Any;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Most threads that may be left behind and at work at once.
const MOST_LEFT: usize = 32;
/// Shortest and longest time between two looks at the threads.
const LOOKS: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(100));

/// Why a task gave nothing.
#[derive(Debug)]
pub(super) enum Halt {
    /// The run has a problem.
    Problem(RunProblem),
    /// The task is somebody else's now.
    LeftBehind,
}

impl From<RunProblem> for Halt {
    fn from(problem: RunProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<LeftBehind> for Halt {
    fn from(_: LeftBehind) -> Self {
        Self::LeftBehind
    }
}

/// What a crew works on: tasks `0..tasks` that depend on nothing but their number.
pub(super) trait Job: Send + Sync + 'static {
    /// What a task gives.
    type Done: Send + 'static;

    /// Number of tasks.
    fn tasks(&self) -> usize;

    /// What a thread does from its first task to its last: `post.each(...)`, with buffers of its own.
    fn serve(&self, post: &mut Post<Self::Done>);

    /// Whose fit it is that stands at this position of a task.
    fn whose(&self, task: usize, position: u64) -> String;
}

/// Threads that were left behind, and whose fit each is at.
#[derive(Debug, Default)]
pub(super) struct Left {
    threads: Vec<(String, JoinHandle<()>)>,
    /// Seconds that went into fits that overran, up to the limit; whoever reckons with them sets it back.
    pub(super) seconds: f64,
}

impl Left {
    /// Adds one; too many that are still at work are a problem (R0013).
    fn add(&mut self, whose: String, thread: JoinHandle<()>, limit: Duration) -> Result<(), RunProblem> {
        self.seconds += limit.as_secs_f64();
        self.threads.retain(|(_, thread)| !thread.is_finished());
        self.threads.push((whose, thread));
        if self.threads.len() < MOST_LEFT {
            return Ok(());
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        self.threads.iter().for_each(|(whose, _)| *counts.entry(whose).or_default() += 1);
        // The first by name of those that have most.
        let most = counts.iter().rev().max_by_key(|(_, count)| **count);
        let (whose, count) = most.map_or(("", 0), |(whose, count)| (whose, *count));
        let message = format!(
            "{MOST_LEFT} fits are still at work after more than {}, and {count} of them are of {whose}: leave it out, make \
             it quicker, or give it longer with `time_limit` in [study]",
            time::written(limit)
        );
        Err(RunProblem { code: "R0013", message, span: None })
    }
}

/// What all threads of a crew see.
#[derive(Debug)]
struct Desk {
    tasks: usize,
    next: AtomicUsize,
    /// Turns of threads that were left behind, by task.
    again: Mutex<BTreeMap<usize, Turn>>,
    /// Nothing further is begun.
    stop: AtomicBool,
    /// The lowest-numbered task with a problem.
    failed: AtomicUsize,
}

impl Desk {
    fn take(&self) -> Option<Turn> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let failed = self.failed.load(Ordering::Relaxed);
        // A task that was begun is ended even after a problem of a later one: its own problem would go before.
        let again = self.again.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
        if let Some((task, turn)) = again {
            return (task < failed).then_some(turn);
        }
        if failed < usize::MAX {
            return None;
        }
        let task = self.next.fetch_add(1, Ordering::Relaxed);
        (task < self.tasks).then(|| Turn { task, ..Turn::default() })
    }
}

enum Message<D> {
    Done(D),
    Problem(usize, RunProblem),
    /// The thread has ended, with what it panicked with.
    Ended(Option<Box<dyn Any + Send>>),
}

/// Where a thread gets its tasks and hands in what they gave.
pub(super) struct Post<D> {
    number: usize,
    desk: Arc<Desk>,
    pulse: Pulse,
    sender: SyncSender<(usize, Message<D>)>,
}

impl<D> Post<D> {
    /// Does tasks until none is left, or the thread is left behind.
    pub(super) fn each(&mut self, mut work: impl FnMut(usize, &mut Pulse) -> Result<D, Halt>) {
        while let Some(turn) = self.desk.take() {
            let task = turn.task;
            self.pulse.begin(turn);
            let message = match work(task, &mut self.pulse) {
                Ok(done) => Message::Done(done),
                Err(Halt::Problem(problem)) => {
                    self.desk.failed.fetch_min(task, Ordering::Relaxed);
                    Message::Problem(task, problem)
                }
                Err(Halt::LeftBehind) => return,
            };
            if self.sender.send((self.number, message)).is_err() {
                return;
            }
        }
    }
}

/// A thread that is waited for.
struct Member {
    seat: Arc<Seat>,
    thread: JoinHandle<()>,
    /// The fit at the last look, and how long it has been the same.
    fit: Option<u64>,
    lasted: Duration,
}

/// Does all tasks of a job. `each` is told on the calling thread what they gave, in any order, and may break off; `stop` too
/// lets nothing further begin, and what was begun is ended. A fit that takes longer than `limit` is left to itself.
///
/// # Errors
/// The problem of the lowest-numbered task that has one; else too many threads were left behind (R0013), or one could not
/// be started (R0012).
pub(super) fn run<J: Job>(
    job: &Arc<J>,
    threads: usize,
    limit: Option<Duration>,
    left: &mut Left,
    stop: &AtomicBool,
    each: &mut dyn FnMut(J::Done) -> ControlFlow<()>,
) -> Result<(), RunProblem> {
    let (sender, receiver) = sync_channel(threads.saturating_mul(2));
    let desk = Desk {
        tasks: job.tasks(),
        next: AtomicUsize::new(0),
        again: Mutex::default(),
        stop: AtomicBool::new(stop.load(Ordering::Relaxed)),
        failed: AtomicUsize::new(usize::MAX),
    };
    let mut crew = Crew {
        job,
        desk: Arc::new(desk),
        sender,
        receiver,
        members: BTreeMap::new(),
        started: 0,
        problems: BTreeMap::new(),
        ended: None,
    };
    for _ in 0..threads.min(crew.desk.tasks) {
        crew.start();
    }
    crew.wait(limit, left, stop, each);
    match crew.problems.pop_first().map(|(_, problem)| problem).or(crew.ended) {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

struct Crew<'a, J: Job> {
    job: &'a Arc<J>,
    desk: Arc<Desk>,
    sender: SyncSender<(usize, Message<J::Done>)>,
    receiver: Receiver<(usize, Message<J::Done>)>,
    members: BTreeMap<usize, Member>,
    started: usize,
    /// Problems of tasks.
    problems: BTreeMap<usize, RunProblem>,
    /// Why the crew as a whole cannot go on.
    ended: Option<RunProblem>,
}

impl<J: Job> Crew<'_, J> {
    fn start(&mut self) {
        let number = self.started;
        self.started += 1;
        let pulse = Pulse::default();
        let seat = pulse.seat.clone();
        let (job, sender) = (self.job.clone(), self.sender.clone());
        let mut post = Post { number, desk: self.desk.clone(), pulse, sender: sender.clone() };
        let body = move || {
            let panicked = catch_unwind(AssertUnwindSafe(|| job.serve(&mut post))).err();
            // All that the thread held goes before it says that it has ended.
            drop((post, job));
            // Nobody listens any more to a thread that was left behind.
            let _ = sender.send((number, Message::Ended(panicked)));
        };
        match std::thread::Builder::new().name("study".to_owned()).spawn(body) {
            Ok(thread) => {
                self.members.insert(number, Member { seat, thread, fit: None, lasted: Duration::ZERO });
            }
            Err(e) => self.end(cannot_start(&e)),
        }
    }

    /// Lets nothing further begin.
    fn end(&mut self, problem: RunProblem) {
        self.desk.stop.store(true, Ordering::Relaxed);
        self.ended.get_or_insert(problem);
    }

    /// Waits until every thread has ended or is left behind.
    fn wait(
        &mut self,
        limit: Option<Duration>,
        left: &mut Left,
        stop: &AtomicBool,
        each: &mut dyn FnMut(J::Done) -> ControlFlow<()>,
    ) {
        let between = limit.map_or(LOOKS.1, |limit| (limit / 8).clamp(LOOKS.0, LOOKS.1));
        let mut last = Instant::now();
        while !self.members.is_empty() {
            let message = self.receiver.recv_timeout((last + between).saturating_duration_since(Instant::now()));
            let go_on = match message {
                Ok((number, message)) if self.members.contains_key(&number) => self.hear(number, message, each),
                Ok(_) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => ControlFlow::Continue(()),
            };
            if go_on.is_break() || stop.load(Ordering::Relaxed) {
                self.desk.stop.store(true, Ordering::Relaxed);
            }
            let since = last.elapsed();
            if since >= between {
                last = Instant::now();
                if let Some(limit) = limit {
                    // A computer that slept, or was too busy to look, has not given the fits that time either.
                    self.look(since.min(between * 2), limit, left);
                }
            }
        }
    }

    fn hear(
        &mut self,
        number: usize,
        message: Message<J::Done>,
        each: &mut dyn FnMut(J::Done) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match message {
            Message::Done(done) => return each(done),
            Message::Problem(task, problem) => {
                self.problems.insert(task, problem);
            }
            Message::Ended(None) => {
                self.members.remove(&number);
            }
            Message::Ended(Some(panic)) => resume_unwind(panic),
        }
        ControlFlow::Continue(())
    }

    /// Looks at all threads, `since` after the last look.
    fn look(&mut self, since: Duration, limit: Duration, left: &mut Left) {
        let mut late = Vec::new();
        for (number, member) in &mut self.members {
            let fit = member.seat.fit();
            member.lasted = if fit == member.fit { member.lasted + since } else { Duration::ZERO };
            member.fit = fit;
            if let Some(fit) = fit.filter(|_| member.lasted >= limit)
                && let Some(turn) = member.seat.leave(fit)
            {
                late.push((*number, turn));
            }
        }
        for (number, (turn, position)) in late {
            let Some(member) = self.members.remove(&number) else { continue };
            let whose = self.job.whose(turn.task, position);
            self.desk.again.lock().unwrap_or_else(PoisonError::into_inner).insert(turn.task, turn);
            match left.add(whose, member.thread, limit) {
                Ok(()) => self.start(),
                Err(problem) => self.end(problem),
            }
        }
    }
}

/// The system refused a thread.
pub(super) fn cannot_start(why: &std::io::Error) -> RunProblem {
    RunProblem { code: "R0012", message: format!("a thread could not be started: {why}"), span: None }
}
