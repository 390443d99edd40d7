//! Scenarios to start from (`eclosion new`).

/// Name on the command line, what it shows in a line, the file with its comments.
const TEMPLATES: [(&str, &str, &str); 3] = [
    (
        "panel",
        "a cohort followed over yearly waves, with dropout, misreport and two methods",
        include_str!("templates/panel.toml"),
    ),
    (
        "trial",
        "a two-arm trial without steps: one outcome, one effect, one method",
        include_str!("templates/trial.toml"),
    ),
    (
        "survey",
        "one sensitive question over three waves: misreport, interviewers, missed waves, dropout",
        include_str!("templates/survey.toml"),
    ),
];

/// All templates as (name, what it shows in a line, text of the file); the first is what `eclosion new` takes by itself.
#[must_use]
pub fn templates() -> &'static [(&'static str, &'static str, &'static str)] {
    &TEMPLATES
}

/// The text of a template by its name.
#[must_use]
pub fn template(kind: &str) -> Option<&'static str> {
    TEMPLATES.iter().find(|(name, _, _)| *name == kind).map(|(_, _, text)| *text)
}
