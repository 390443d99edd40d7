//! Names in the order in which they first occur.

use std::collections::BTreeMap;

/// Names and their positions.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels<K: Ord + Clone> {
    names: Vec<K>,
    positions: BTreeMap<K, u32>,
}

impl<K: Ord + Clone> Labels<K> {
    /// The position of a name, which is added where it is new.
    pub(super) fn position(&mut self, name: K) -> u32 {
        if let Some(position) = self.positions.get(&name) {
            return *position;
        }
        let position = self.names.len() as u32;
        self.names.push(name.clone());
        self.positions.insert(name, position);
        position
    }

    /// All names, by position.
    pub(super) fn names(&self) -> &[K] {
        &self.names
    }
}
