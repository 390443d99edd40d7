//! Interviews that yield comments, and coders who mark them.
//!
//! A comment is a theme with what goes with it (positive or negative, toward or away, about whom); it has no words. Each
//! `[[survey.comment]]` is a count process per interview. Each coder sees every comment and marks it with every theme or
//! not: with the theme's sensitivity where the comment is of the theme, with one minus its specificity where it is not.

mod coder;
mod theme;

pub(super) use coder::Coder;
pub(super) use theme::Source;

use super::declaration::Declaration;
use super::scope::SurveyScope;
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::formula::Parameters;
use crate::options::{OptionValue, Options};
use crate::tables::observed::CommentSchema;

/// Most themes, and most relations through all themes: their codes are bytes.
const MOST_NAMES: usize = 250;
/// Most coders.
const MOST_CODERS: usize = 50;
/// The coder who is there where none is declared.
const TEAM: &str = "team";
/// What a comment or a mark has where it has no valence, direction or relation.
pub(super) const NEITHER: u8 = u8::MAX;

/// The comments of a survey and who codes them.
#[derive(Clone, Debug)]
pub(super) struct Comments {
    /// Where comments come from: the themes, and what is of no theme.
    pub sources: Vec<Source>,
    /// For each theme the position of its source.
    pub themes: Vec<usize>,
    pub relations: Vec<String>,
    pub coders: Vec<Coder>,
    /// Position of the first source in the list of all mechanisms.
    pub first_mechanism: usize,
}

impl Comments {
    /// The theme of a source: as many as there are themes where it has none.
    pub fn theme_of(&self, source: usize) -> u8 {
        self.themes.iter().position(|s| *s == source).unwrap_or(self.themes.len()) as u8
    }

    /// What an analyst knows of the comments.
    pub fn schema(&self) -> CommentSchema {
        CommentSchema {
            themes: self.themes.iter().map(|source| self.sources[*source].name.clone()).collect(),
            relations: self.relations.clone(),
            coders: self.coders.iter().map(|coder| coder.name.clone()).collect(),
        }
    }
}

/// Reads `[[survey.comment]]` and `[[survey.coder]]`; nothing where neither is there or one has a problem.
pub(super) fn declare(
    declaration: &Declaration,
    scope: &SurveyScope<'_>,
    problems: &mut Diagnostics,
) -> Option<Comments> {
    let mut relations = Vec::new();
    let mut sources = Vec::new();
    let mut names: Vec<Text> = Vec::new();
    for options in &declaration.comments {
        let name = unique_name(options, &mut names, "comment", problems);
        let source = theme::declare(options, name, &mut relations, scope, problems);
        options.finish(problems);
        sources.extend(source);
    }
    if names.len() > MOST_NAMES || relations.len() > MOST_NAMES {
        let place = declaration.comments.last().map_or(&declaration.span, |options| &options.span);
        let message = format!("{} themes and {} relations are too many", names.len(), relations.len());
        problems.error("S0447", place, message).help(format!("at most {MOST_NAMES} of each"));
        return None;
    }
    let themes: Vec<usize> = (0..sources.len()).filter(|s| sources[*s].is_theme).collect();
    let coders = coders(declaration, &sources, &themes, scope.parameters, problems);
    let complete = sources.len() == declaration.comments.len() && !sources.is_empty();
    complete.then_some(Comments { sources, themes, relations, coders, first_mechanism: 0 })
}

fn coders(
    declaration: &Declaration,
    sources: &[Source],
    themes: &[usize],
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Vec<Coder> {
    if let (true, Some(first)) = (declaration.comments.is_empty(), declaration.coders.first()) {
        problems
            .error("S0443", &first.span, "there is a coder, and there are no comments to code")
            .help("add `[[survey.comment]]` with a `name` and a `count`, or leave out the coder");
    }
    let all_read = sources.len() == declaration.comments.len();
    if let (true, true, Some(comment)) = (all_read, themes.is_empty(), declaration.comments.first()) {
        problems
            .error("S0443", &comment.span, "no comment has a theme, so there is nothing to code")
            .help("leave out `theme = false` in one `[[survey.comment]]` at least");
    }
    if declaration.coders.len() > MOST_CODERS {
        let message = format!("{} coders are too many", declaration.coders.len());
        problems.error("S0447", &declaration.coders[MOST_CODERS].span, message).help(format!("at most {MOST_CODERS}"));
        return Vec::new();
    }
    let mut names = Vec::new();
    let mut coders = Vec::new();
    for options in &declaration.coders {
        let name = unique_name(options, &mut names, "coder", problems);
        // With a theme that could not be read it is not known which themes there are.
        let coder = all_read.then(|| coder::declare(options, &name, sources, themes, parameters, problems));
        coders.extend(coder.flatten());
    }
    if declaration.coders.is_empty() {
        coders.push(Coder::perfect(TEAM, sources, themes));
    }
    coders
}

/// The name of a table, which must be there and not be that of another one.
fn unique_name(options: &Options, names: &mut Vec<Text>, what: &str, problems: &mut Diagnostics) -> String {
    if options.get("name").is_none() {
        options.missing("name", problems);
    }
    let Some(name) = options.text("name", problems) else { return String::new() };
    if name.text.trim().is_empty() {
        problems.error("S0442", &name.span, format!("a {what} has an empty name")).help("give it a name");
    } else if names.iter().any(|other| other.text == name.text) {
        problems
            .error("S0442", &name.span, format!("two {what}s are called `{}`", name.text))
            .help("give each a name of its own");
    }
    names.push(name.clone());
    name.text
}

/// Where a key of a table stands, for messages.
fn place<'a>(options: &'a Options, key: &str) -> &'a Span {
    options.get(key).map_or(&options.span, OptionValue::span)
}
