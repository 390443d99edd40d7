//! What has been compiled before, for a caller that compiles the same texts again and again under other parameters.
//!
//! What is made of a text depends on the text, on what is wanted of it, and on what its names stand for. So it is kept
//! with the answers that its scope gave, and the next time the scope is asked the same questions in the same order: where
//! all answers are the same bits, what was made before is what would be made again. Asking also does what asking does:
//! slots get their numbers, and parameters count as read.

use super::tree::Node;
use super::{Bounds, Kind, Reference, Resolved, Scope, Unresolved, Wanted};
use crate::diagnostic::{Diagnostics, Span, Text};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Most things that are kept of one text at one place: a formula may stand for several groups or levels of a table.
const MOST_OF_A_TEXT: usize = 8;

/// What has been compiled before; see the module.
#[derive(Debug, Default)]
pub struct Compiled {
    made: Mutex<BTreeMap<String, Vec<Entry>>>,
    trees: Mutex<BTreeMap<String, Arc<Node>>>,
}

/// A thing that was made of a text, and what it rests on.
#[derive(Debug)]
struct Entry {
    span: Span,
    wanted: Wanted,
    accessors: &'static [&'static str],
    answers: Vec<Answer>,
    thing: Arc<dyn Any + Send + Sync>,
}

/// A question to a scope, and its answer.
#[derive(Debug)]
struct Answer {
    accessor: Option<String>,
    name: String,
    arguments: Vec<(String, f64)>,
    resolved: Resolved,
}

/// What `make` makes of a text, or what it made before where the scope says the same. Nothing is kept of what had a
/// problem.
pub fn once<T: Clone + Send + Sync + 'static>(
    text: &Text,
    wanted: &Wanted,
    scope: &dyn Scope,
    problems: &mut Diagnostics,
    make: impl FnOnce(&dyn Scope, &mut Diagnostics) -> Option<T>,
) -> Option<T> {
    let Some(compiled) = scope.compiled() else { return make(scope, problems) };
    // Taken out while the scope is asked, so that nothing is locked meanwhile.
    let mut entries = compiled.take(&text.text);
    let same = |entry: &&Entry| entry.span == text.span && entry.wanted == *wanted && entry.is_answered_by(scope);
    let found = entries.iter().find(|entry| entry.thing.is::<T>() && same(entry));
    let found = found.and_then(|entry| entry.thing.downcast_ref::<T>()).cloned();
    if found.is_some() {
        compiled.put_back(&text.text, entries);
        return found;
    }
    let recorder = Recorder { scope, answers: RefCell::default() };
    let mut own = Diagnostics::new();
    let made = make(&recorder, &mut own);
    if let Some(thing) = made.as_ref().filter(|_| own.list().is_empty()) {
        let at_this_place = |entry: &Entry| entry.span == text.span && entry.wanted == *wanted && entry.thing.is::<T>();
        if entries.iter().filter(|entry| at_this_place(entry)).count() >= MOST_OF_A_TEXT
            && let Some(oldest) = entries.iter().position(at_this_place)
        {
            entries.remove(oldest);
        }
        entries.push(Entry {
            span: text.span.clone(),
            wanted: wanted.clone(),
            accessors: scope.accessors(),
            answers: recorder.answers.into_inner(),
            thing: Arc::new(thing.clone()),
        });
    }
    compiled.put_back(&text.text, entries);
    problems.extend(own);
    made
}

impl Compiled {
    fn take(&self, text: &str) -> Vec<Entry> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get_mut(text).map(std::mem::take).unwrap_or_default()
    }

    fn put_back(&self, text: &str, entries: Vec<Entry>) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        match made.get_mut(text) {
            Some(place) => *place = entries,
            None => drop(made.insert(text.to_owned(), entries)),
        }
    }

    /// The tree of a text, parsed once.
    ///
    /// # Errors
    /// What `parse` finds wrong with it.
    pub(super) fn tree<E>(&self, text: &str, parse: impl FnOnce() -> Result<Node, E>) -> Result<Arc<Node>, E> {
        let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tree) = trees.get(text) {
            return Ok(tree.clone());
        }
        let tree = Arc::new(parse()?);
        trees.insert(text.to_owned(), tree.clone());
        Ok(tree)
    }
}

impl Entry {
    /// Whether a scope gives the same answers to the same questions.
    fn is_answered_by(&self, scope: &dyn Scope) -> bool {
        self.accessors == scope.accessors()
            && self.answers.iter().all(|answer| {
                let reference = Reference {
                    accessor: answer.accessor.as_deref(),
                    name: &answer.name,
                    arguments: &answer.arguments,
                };
                scope.resolve(&reference).is_ok_and(|resolved| is_same(&resolved, &answer.resolved))
            })
    }
}

/// Whether two answers are the same, bit by bit.
pub(super) fn is_same(a: &Resolved, b: &Resolved) -> bool {
    let same_kind = |a: &Kind, b: &Kind| match (a, b) {
        (Kind::Level(a), Kind::Level(b)) => Arc::ptr_eq(a, b) || a == b,
        (a, b) => a == b,
    };
    let bits = |bounds: &Bounds| [bounds.low.to_bits(), bounds.high.to_bits()];
    match (a, b) {
        (Resolved::Constant { value, kind }, Resolved::Constant { value: other, kind: other_kind }) => {
            value.to_bits() == other.to_bits() && same_kind(kind, other_kind)
        }
        (
            Resolved::Slot { slot, kind, bounds },
            Resolved::Slot { slot: other, kind: other_kind, bounds: other_bounds },
        ) => slot == other && bits(bounds) == bits(other_bounds) && same_kind(kind, other_kind),
        _ => false,
    }
}

/// A scope that writes down what it is asked.
struct Recorder<'a> {
    scope: &'a dyn Scope,
    answers: RefCell<Vec<Answer>>,
}

impl Scope for Recorder<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let resolved = self.scope.resolve(reference)?;
        self.answers.borrow_mut().push(Answer {
            accessor: reference.accessor.map(str::to_owned),
            name: reference.name.to_owned(),
            arguments: reference.arguments.to_vec(),
            resolved: resolved.clone(),
        });
        Ok(resolved)
    }

    fn accessors(&self) -> &'static [&'static str] {
        self.scope.accessors()
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.scope.compiled()
    }
}
