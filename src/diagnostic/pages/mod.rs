//! The pages that `eclosion explain` prints, one for each number.

mod estimands;
mod estimates;
mod fits;
mod formulas;
mod methods;
mod parameters;
mod plans;
mod printed;
mod published;
mod records;
mod release;
mod running;
mod shape;
mod store;
mod survey;
mod truth;
mod warnings;

/// What `eclosion explain CODE` prints.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The number, such as `S0123`.
    pub code: &'static str,
    /// The rule in a sentence.
    pub title: &'static str,
    /// Why the rule is there and how to mend the file, with an example.
    pub text: &'static str,
}

/// All pages, by chapter.
const CHAPTERS: &[&[Page]] = &[
    shape::PAGES,
    formulas::PAGES,
    truth::PAGES,
    survey::PAGES,
    release::PAGES,
    records::PAGES,
    estimands::PAGES,
    methods::PAGES,
    parameters::PAGES,
    plans::PAGES,
    published::PAGES,
    printed::PAGES,
    running::PAGES,
    estimates::PAGES,
    store::PAGES,
    printed::RUNNING,
    fits::PAGES,
    warnings::PAGES,
];

/// All pages, chapter by chapter.
pub fn pages() -> impl Iterator<Item = &'static Page> {
    CHAPTERS.iter().flat_map(|chapter| chapter.iter())
}

/// The page of a number.
#[must_use]
pub fn page(code: &str) -> Option<&'static Page> {
    pages().find(|p| p.code.eq_ignore_ascii_case(code))
}
