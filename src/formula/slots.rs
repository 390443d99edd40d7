//! Numbers of slots for what a caller's names mean.

use super::{Bounds, Kind, Resolved};
use std::cell::RefCell;

/// The meanings that formulas read, each with a slot of its own; the number of a slot is its position. A scope is
/// only lent while formulas are compiled, so slots are given out through a shared reference.
#[derive(Debug)]
pub struct Slots<M>(RefCell<Vec<M>>);

impl<M> Default for Slots<M> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<M: Clone + PartialEq> Slots<M> {
    /// The slot of a meaning, a new one if nothing has asked for it yet.
    pub fn number(&self, meaning: M) -> u32 {
        let mut meanings = self.0.borrow_mut();
        let slot = meanings.iter().position(|m| *m == meaning).unwrap_or_else(|| {
            meanings.push(meaning);
            meanings.len() - 1
        });
        slot as u32
    }

    /// A reference that stands for this meaning, of this type and range.
    pub fn resolved(&self, meaning: M, kind: Kind, bounds: Bounds) -> Resolved {
        Resolved::Slot { slot: self.number(meaning), kind, bounds }
    }

    /// What a slot stands for; nothing if it was not given out here.
    pub fn meaning(&self, slot: u32) -> Option<M> {
        self.0.borrow().get(slot as usize).cloned()
    }

    /// All meanings, by slot.
    #[must_use]
    pub fn into_meanings(self) -> Vec<M> {
        self.0.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_meaning_has_one_slot() {
        let slots = Slots::default();
        assert_eq!([slots.number('b'), slots.number('a'), slots.number('b')], [0, 1, 0]);
        let any = Bounds::ANY;
        assert_eq!(slots.resolved('c', Kind::Number, any), Resolved::Slot { slot: 2, kind: Kind::Number, bounds: any });
        assert_eq!((slots.meaning(1), slots.meaning(3)), (Some('a'), None));
        assert_eq!(slots.into_meanings(), ['b', 'a', 'c']);
    }
}
