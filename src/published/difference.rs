//! `[[difference]]`: where documents say different things, and what is done about it.

use super::identity::known_cells;
use super::{Difference, Published, ask};
use crate::diagnostic::Diagnostics;
use crate::options::Options;

/// Reads the differences.
pub(super) fn differences(root: &Options, published: &mut Published, problems: &mut Diagnostics) {
    for table in ask::tables(root, "difference", problems) {
        let id = ask::name(table, problems);
        let what = ask::text(table, "what", problems).text;
        let treatment = ask::text(table, "treatment", problems).text;
        let open = table.switch("open", problems).unwrap_or(false);
        let names = match table.get("cells") {
            Some(_) => table.texts("cells", problems).unwrap_or_default(),
            None => Vec::new(),
        };
        table.finish(problems);
        let cells = known_cells(&names, published, problems);
        let Some(id) = id else { continue };
        if published.differences.iter().any(|difference| difference.id == id.text) {
            ask::twice(&id, "differences", problems);
        } else {
            published.differences.push(Difference { id: id.text, cells, what, treatment, open });
        }
    }
}
