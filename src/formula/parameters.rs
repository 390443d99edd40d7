//! Named constants of a scenario, with the values of one condition.

use super::{Compiled, Kind, Reference, Resolved, Scope, Unresolved};
use crate::diagnostic::Text;
use std::cell::RefCell;
use std::sync::Arc;

/// A named constant.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name and where it is declared.
    pub name: Text,
    /// Its value; the position of the level for a parameter with levels.
    pub value: f64,
    /// The names of its levels, if its values are names.
    pub levels: Option<Arc<[String]>>,
    /// What it means, a sentence.
    pub about: String,
    /// Where its value comes from; `assumed` where there is no source.
    pub source: String,
}

/// The parameters of a scenario under one condition, and which of them formulas have read.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    list: Vec<Parameter>,
    read: RefCell<Vec<bool>>,
    /// What has been compiled under them, where that is kept.
    compiled: Option<Arc<Compiled>>,
}

impl Parameters {
    /// These parameters, none of them read yet.
    #[must_use]
    pub fn new(list: Vec<Parameter>) -> Self {
        let read = RefCell::new(vec![false; list.len()]);
        Self { list, read, compiled: None }
    }

    /// Keeps from now on what is compiled under these parameters, or under the same ones [with other values](Self::with).
    pub fn keep_compiled(&mut self) {
        self.compiled = Some(Arc::default());
    }

    /// What has been compiled before, where that is kept.
    #[must_use]
    pub fn compiled(&self) -> Option<&Compiled> {
        self.compiled.as_deref()
    }

    /// The same parameters, none of them read yet, with other values of some: position and value of each.
    #[must_use]
    pub fn with(&self, values: &[(usize, f64)]) -> Self {
        let mut other = Self { compiled: self.compiled.clone(), ..Self::new(self.list.clone()) };
        for (position, value) in values {
            if let Some(parameter) = other.list.get_mut(*position) {
                parameter.value = *value;
            }
        }
        other
    }

    /// What `work` gives, and the positions of the parameters that it has read.
    pub fn reads_of<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<usize>) {
        let before = self.read.replace(vec![false; self.list.len()]);
        let given = work();
        let mut read = self.read.borrow_mut();
        let own = (0..read.len()).filter(|position| read[*position]).collect();
        for (now, before) in read.iter_mut().zip(before) {
            *now |= before;
        }
        (given, own)
    }

    /// All parameters in the order of the file.
    #[must_use]
    pub fn list(&self) -> &[Parameter] {
        &self.list
    }

    /// What a name stands for, if it is a parameter's; it counts as read from now on.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<Resolved> {
        let position = self.list.iter().position(|p| p.name.text == name)?;
        self.read.borrow_mut()[position] = true;
        let parameter = &self.list[position];
        let kind = match &parameter.levels {
            Some(levels) => Kind::Level(levels.clone()),
            None => Kind::Number,
        };
        Some(Resolved::Constant { value: parameter.value, kind })
    }

    /// What a reference stands for where only parameters can be read.
    ///
    /// # Errors
    /// The reference names no parameter (S0202).
    pub fn resolve_only(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        let found = if reference.accessor.is_none() { self.resolve(reference.name) } else { None };
        found.ok_or_else(|| Unresolved {
            message: format!("no parameter is called `{}`, and nothing else can be read here", reference.name),
            ..Unresolved::unknown(reference.name, self.names())
        })
    }

    /// Names of all parameters, for suggestions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|p| p.name.text.as_str())
    }

    /// The parameters that formulas have read so far.
    pub fn read(&self) -> impl Iterator<Item = &Parameter> {
        let read = self.read.borrow().clone();
        self.list.iter().zip(read).filter(|(_, read)| *read).map(|(p, _)| p)
    }

    /// The parameters that no formula has read.
    #[must_use]
    pub fn unread(&self) -> Vec<&Parameter> {
        let read = self.read.borrow();
        self.list.iter().zip(read.iter()).filter(|(_, read)| !**read).map(|(p, _)| p).collect()
    }
}

/// The scope of formulas that can read parameters only, such as the size of a group.
#[derive(Clone, Copy, Debug)]
pub struct OnlyParameters<'a>(pub &'a Parameters);

impl Scope for OnlyParameters<'_> {
    fn resolve(&self, reference: &Reference<'_>) -> Result<Resolved, Unresolved> {
        self.0.resolve_only(reference)
    }

    fn accessors(&self) -> &'static [&'static str] {
        &[]
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.0.compiled()
    }
}
