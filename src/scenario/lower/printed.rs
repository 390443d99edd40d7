//! `[tables]` and `[[table]]`, whose options the room itself reads when parameters are known, and `[prior]`.

use super::ask;
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::Parameters;
use crate::options::Options;
use crate::tabulate::Declaration;

/// `[tables]` and `[[table]]`.
pub(super) fn tables(root: &Options, problems: &mut Diagnostics) -> Declaration {
    let list = ask::tables(root, "table", "table", problems).into_iter().cloned().collect();
    Declaration::read(root.table("tables", problems), list, problems)
}

/// `[prior]`: names of parameters and laws, as written. A name that is no parameter with numbers is an error (S0720).
pub(super) fn priors(root: &Options, parameters: &Parameters, problems: &mut Diagnostics) -> Vec<(Text, Text)> {
    let Some(table) = root.table("prior", problems) else { return Vec::new() };
    let mut priors = Vec::new();
    for entry in &table.entries {
        let name = &entry.key;
        let Some(law) = table.text(&name.text, problems) else { continue };
        match parameters.list().iter().find(|parameter| parameter.name.text == name.text) {
            Some(parameter) if parameter.levels.is_none() => priors.push((name.clone(), law)),
            Some(_) => {
                let message = format!("the parameter `{}` has named levels, and a prior is of numbers", name.text);
                problems.error("S0720", &name.span, message).help("leave it out of `[prior]`");
            }
            None => {
                let near = crate::diagnostic::near_miss(&name.text, parameters.names())
                    .map(|near| format!("did you mean `{near}`?"));
                problems
                    .error("S0720", &name.span, format!("no parameter is called `{}`", name.text))
                    .help(near.unwrap_or_else(|| "declare it in `[parameters]`".to_owned()));
            }
        }
    }
    priors
}
