//! `[tables]` and `[[table]]` as written.

use super::level::Level;
use crate::diagnostic::{Diagnostics, Text};
use crate::options::{OptionValue, Options};

/// The tables of a study as written. Formulas are read when parameters are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declaration {
    /// `published` of `[tables]`: the file of published numbers that these tables are like.
    pub published: Option<Text>,
    /// `waves` of `[tables]`, from 1; absent: all.
    pub(super) waves: Option<Vec<Text>>,
    /// `coder` of `[tables]`.
    pub(super) coder: Option<Text>,
    /// `of` of `[tables]`.
    pub(super) of: Option<Text>,
    /// Definitions: level, name, formula.
    pub(super) definitions: Vec<(Level, Text, Text)>,
    /// `[[table]]` tables.
    pub(super) tables: Vec<Options>,
}

impl Declaration {
    /// Reads `[tables]`, where it is given, and the `[[table]]` tables.
    #[must_use]
    pub fn read(head: Option<&Options>, tables: Vec<Options>, problems: &mut Diagnostics) -> Self {
        let mut declaration = Self { tables, ..Self::default() };
        if let Some(head) = head {
            declaration.published = head.text("published", problems);
            declaration.waves = head.texts("waves", problems);
            declaration.coder = head.text("coder", problems);
            declaration.of = head.formula("of", problems);
            for level in Level::ALL {
                if let Some(table) = head.table(level.name(), problems) {
                    declaration.define(level, table, problems);
                }
            }
            head.finish(problems);
        }
        declaration
    }

    /// Whether there is any table.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    fn define(&mut self, level: Level, table: &Options, problems: &mut Diagnostics) {
        for entry in &table.entries {
            let name = entry.key.clone();
            let formula = match &entry.value {
                OptionValue::Switch(on, span) => Some(Text { text: on.to_string(), span: span.clone() }),
                _ => table.formula(&name.text, problems),
            };
            if let Some(formula) = formula {
                self.definitions.push((level, name, formula));
            }
        }
    }
}
