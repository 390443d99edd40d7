//! `kind = "..."`: which line of a catalogue a table is about.

use crate::diagnostic::{Diagnostics, near_miss};
use crate::options::Options;

/// The entry of a catalogue that `kind` names. A missing key is S0103; a name that is not there is an error with this
/// code, which says that no `what` is called so.
pub(super) fn entry<'c, E>(
    options: &Options,
    catalogue: &'c [E],
    name: impl Fn(&E) -> &'static str,
    (code, what): (&'static str, &str),
    problems: &mut Diagnostics,
) -> Option<&'c E> {
    if options.get("kind").is_none() {
        options.missing("kind", problems);
    }
    let kind = options.text("kind", problems)?;
    let found = catalogue.iter().find(|e| name(e) == kind.text);
    if found.is_none() {
        let names: Vec<&str> = catalogue.iter().map(&name).collect();
        let near = near_miss(&kind.text, names.iter().copied());
        let help = near.map_or(format!("one of: {}", names.join(", ")), |n| format!("did you mean `{n}`?"));
        problems.error(code, &kind.span, format!("no {what} is called `{}`", kind.text)).help(help);
    }
    found
}
