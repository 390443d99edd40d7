//! Tables of a terminal without rules: columns by blanks, numbers to the right.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table without rules that keeps its columns as wide as they are.
pub(super) fn plain() -> Table {
    let mut drawn = Table::new();
    drawn.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    drawn
}

/// Its lines. The first `names` columns stand to the left, the others to the right.
pub(super) fn lines(drawn: &mut Table, names: usize) -> String {
    for column in drawn.column_iter_mut().skip(names) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    drawn.lines().map(|line| format!(" {}\n", line.trim_end())).collect()
}
