//! Published numbers of a study: the same language as a scenario, another set of tables.

use super::reading::{self, Disk, OneText, Reader};
use super::tree;
use crate::diagnostic::{Diagnostics, Sources};
use crate::options::Options;
use crate::published::{self, Published};
use std::path::Path;

/// What [`load_published`] found.
#[derive(Debug)]
pub struct LoadedPublished {
    /// The numbers, if there is no error.
    pub published: Option<Published>,
    /// All problems.
    pub problems: Diagnostics,
    /// The file, for showing the problems.
    pub sources: Sources,
}

/// Reads published numbers from a file. All problems are reported in one go.
#[must_use]
pub fn load_published(path: &Path) -> LoadedPublished {
    load_with(&Disk, path, &path.display().to_string()).0
}

/// Reads published numbers from a text, as [`load_published`] does from a file. `name` stands for the file in messages.
#[must_use]
pub fn load_published_text(name: &str, text: &str) -> LoadedPublished {
    load_with(&OneText(text.as_bytes()), Path::new(""), name).0
}

/// As [`load_published`], if the file says that it is one of published numbers: it has a key `published`, and no
/// `scenario`.
#[must_use]
pub fn load_if_published(path: &Path) -> Option<LoadedPublished> {
    // What is no file in a folder, such as a pipe, can be read once only.
    let (loaded, is_published) = path.is_file().then(|| load_with(&Disk, path, &path.display().to_string()))?;
    is_published.then_some(loaded)
}

/// What was found, and whether the file says that it is one of published numbers.
fn load_with(reader: &dyn Reader, path: &Path, shown: &str) -> (LoadedPublished, bool) {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::new();
    let root = read(reader, path, shown, &mut sources, &mut problems);
    let has = |key: &str| root.as_ref().is_some_and(|root| root.entries.iter().any(|entry| entry.key.text == key));
    let is_published = has("published") && !has("scenario");
    let published = root.as_ref().map(|root| published::declare(root, &mut problems));
    let published = published.filter(|_| !problems.has_errors());
    (LoadedPublished { published, problems, sources }, is_published)
}

fn read(
    reader: &dyn Reader,
    path: &Path,
    shown: &str,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Options> {
    let file = reading::read(reader, path, shown, None, sources, problems)?;
    let text = sources.files.get(file)?.1.clone();
    let mut root = tree::parse(&text, file, problems)?;
    "the file of published numbers".clone_into(&mut root.title);
    Some(root)
}
