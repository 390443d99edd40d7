//! The table of performance as a reader wants it: some of its rows, in an order, in groups; as text for a terminal, and as
//! Markdown, LaTeX and comma-separated values.

mod csv;
mod latex;
mod markdown;
mod names;
mod rows;
mod text;
mod view;
mod wide;

pub use self::csv::table_csv;
pub use latex::latex;
pub use markdown::markdown;
pub use names::Names;
pub use text::table;
pub use view::{Asked, View, view};
