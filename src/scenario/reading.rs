//! Files and their bytes: whatever they hold, a text or a numbered problem comes out.

use crate::diagnostic::{Diagnostics, Sources, Span};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Greatest size of a scenario file, in bytes.
pub(super) const LARGEST_FILE: usize = 1 << 20;

const TOO_LARGE: &str = "it is larger than";

/// Where files come from.
pub(super) trait Reader {
    /// The bytes of a file, at most one more than [`LARGEST_FILE`].
    ///
    /// # Errors
    /// Why it cannot be read, a lower-case fragment.
    fn read(&self, path: &Path) -> Result<Vec<u8>, String>;

    /// A path by which the same file is known wherever it is named from.
    fn identity(&self, path: &Path) -> PathBuf;
}

/// The file system.
pub(super) struct Disk;

impl Reader for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(|e| e.to_string().to_lowercase())?;
        let limit = LARGEST_FILE as u64 + 1;
        file.take(limit).read_to_end(&mut bytes).map_err(|e| e.to_string().to_lowercase())?;
        Ok(bytes)
    }

    fn identity(&self, path: &Path) -> PathBuf {
        path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
    }
}

/// One text that can read no other file.
pub(super) struct OneText<'a>(pub &'a [u8]);

impl Reader for OneText<'_> {
    fn read(&self, path: &Path) -> Result<Vec<u8>, String> {
        let whole = path.as_os_str().is_empty();
        if whole { Ok(self.0.to_vec()) } else { Err("a scenario that is not in a file cannot extend one".to_owned()) }
    }

    fn identity(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
}

/// Files that were read before, in the order in which they extend one another.
pub(super) struct Recorded<'a> {
    files: &'a [(String, String)],
    next: std::cell::Cell<usize>,
}

impl<'a> Recorded<'a> {
    pub(super) fn new(files: &'a [(String, String)]) -> Self {
        Self { files, next: std::cell::Cell::new(0) }
    }
}

impl Reader for Recorded<'_> {
    fn read(&self, _: &Path) -> Result<Vec<u8>, String> {
        let position = self.next.replace(self.next.get() + 1);
        let file = self.files.get(position).ok_or_else(|| "it was not kept".to_owned())?;
        Ok(file.1.clone().into_bytes())
    }

    /// A chain that was read once goes in no circle.
    fn identity(&self, _: &Path) -> PathBuf {
        PathBuf::from(self.next.get().to_string())
    }
}

/// What to do about a file that cannot be read.
fn mend(why: &str, named_by_a_file: bool) -> &'static str {
    if why.starts_with(TOO_LARGE) {
        "a scenario holds no data: keep only what declares the study"
    } else if why.contains("directory") && !why.contains("no such") {
        "name the scenario file in it"
    } else if named_by_a_file {
        "is the path right? It is relative to the file that names it"
    } else {
        "is the path right? `eclosion new` writes a scenario to start from"
    }
}

/// Reads a file into `sources`; `blame` is the place that names it, if a file does. The file's number, if it is usable.
pub(super) fn read(
    reader: &dyn Reader,
    path: &Path,
    shown: &str,
    blame: Option<&Span>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<usize> {
    let found = reader.read(path).and_then(|bytes| match bytes.len() > LARGEST_FILE {
        true => Err(format!("{TOO_LARGE} {} KiB", LARGEST_FILE / 1024)),
        false => Ok(bytes),
    });
    let number = sources.files.len();
    match found {
        Err(why) => {
            let message = format!("`{shown}` cannot be read: {why}");
            let problem = match blame {
                Some(span) => problems.error("S0111", span, message),
                None => problems.error_anywhere("S0111", message),
            };
            problem.help(mend(&why, blame.is_some()));
            None
        }
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => {
                sources.files.push((shown.to_owned(), text.into()));
                Some(number)
            }
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                sources.files.push((shown.to_owned(), text.into()));
                let place = Span { file: number, bytes: valid..valid + 1 };
                problems
                    .error("S0112", &place, format!("`{shown}` is not UTF-8 from here on"))
                    .help("save the file with the encoding UTF-8");
                None
            }
        },
    }
}
