//! The rules of the house, each on the tokens of one file.

use super::tokens::{Token, tokens};

/// The rooms from the ground up; a room may use only rooms on lines below its own.
pub const LINES: [&[&str]; 14] = [
    &["streams", "diagnostic", "numeric"],
    &["statistics"],
    &["tables", "options"],
    &["formula", "disk"],
    &["distribution"],
    &["rules"],
    &[
        "simulate",
        "observe",
        "estimand",
        "analyze",
        "evaluate",
        "report",
        "release",
        "describe",
        "intake",
        "store",
        "published",
        "tabulate",
    ],
    &["compare"],
    &["scenario"],
    &["study"],
    &["calibrate"],
    &["small"],
    &["cli", "proptest"],
    &["main"],
];

/// A source file: its path below `src/`, such as `analyze/ipw.rs`, and its tokens.
pub struct File {
    pub path: String,
    pub tokens: Vec<Token>,
}

impl File {
    pub fn new(path: &str, source: &str) -> Self {
        Self { path: path.to_owned(), tokens: tokens(source) }
    }

    /// `analyze` for `analyze/ipw.rs`, `options` for `options.rs`.
    pub fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or("");
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many `super::` lead from this file to the root of the crate.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }

    fn word(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.text.as_str())
    }

    fn matches(&self, i: usize, pattern: &[&str]) -> bool {
        pattern.iter().enumerate().all(|(k, p)| self.word(i + k) == *p)
    }
}

/// What is wrong in a file: `path:line: what`.
pub fn broken(file: &File) -> Vec<String> {
    let mut found = arrows(file);
    for rule in RULES {
        if (rule.free)(file) {
            continue;
        }
        for i in 0..file.tokens.len() {
            for pattern in rule.patterns {
                let pattern: Vec<&str> = pattern.split(' ').collect();
                if file.matches(i, &pattern) {
                    found.push(format!("{}:{}: {}", file.path, file.tokens[i].line, rule.says));
                }
            }
        }
    }
    found
}

/// A rule that forbids some sequences of tokens.
pub struct Rule {
    pub says: &'static str,
    /// Sequences of tokens with a space between two of them.
    pub patterns: &'static [&'static str],
    /// The files in which they are allowed.
    pub free: fn(&File) -> bool,
}

fn in_rooms(file: &File, rooms: &[&str]) -> bool {
    rooms.contains(&file.room())
}

pub const RULES: &[Rule] = &[
    Rule {
        says: "analyze cannot name truth: otherwise no coverage figure means anything",
        patterns: &[
            "Truth",
            "TruthSchema",
            "TrueVariable",
            "TargetTruth",
            "TrueValue",
            "Audit",
            "Reason",
            "AuditCount",
            "truth",
            "audit",
        ],
        free: |f| f.room() != "analyze",
    },
    Rule {
        says: "what an analyst holds has no true value and no true identity in it",
        patterns: &["Truth", "TruthSchema", "PersonId", "truth"],
        free: |f| f.path != "tables/observed.rs",
    },
    Rule {
        says: "true values are reckoned from true histories only",
        patterns: &["Observed", "ObservedBatch", "ObservedSchema", "AnswerColumn", "observed"],
        free: |f| !in_rooms(f, &["simulate", "estimand"]),
    },
    Rule {
        says: "evaluate sees estimates, never persons",
        patterns: &["Truth", "TruthSchema", "Observed", "ObservedBatch", "PersonId", "RecordId"],
        free: |f| f.room() != "evaluate",
    },
    Rule { says: "only scenario parses TOML", patterns: &["toml : :"], free: |f| f.room() == "scenario" },
    Rule {
        says: "only streams makes generators: take an address, not a generator",
        patterns: &[
            "SeedableRng",
            "StdRng",
            "SmallRng",
            "ThreadRng",
            "OsRng",
            "SysRng",
            "thread_rng",
            "seed_from_u64",
            "from_seed",
            "from_entropy",
            "getrandom",
            "philox",
            "rand : : rng",
            "rand : : random",
            "TryRng for",
            "Rng for",
            "RngCore for",
        ],
        free: |f| f.room() == "streams",
    },
    Rule {
        says: "the streams are made by study and handed down",
        patterns: &["Streams : : new"],
        free: |f| {
            line_of(f.room()).is_none_or(|line| line >= line_of("scenario").unwrap_or(0)) || f.room() == "streams"
        },
    },
    Rule {
        says: "only study and calibrate have threads",
        patterns: &["rayon", "thread : : spawn", "thread : : scope", "thread : : Builder"],
        free: |f| in_rooms(f, &["study", "calibrate"]),
    },
    Rule {
        says: "no thread number may reach a result",
        patterns: &["thread : : current", "ThreadId", "current_thread_index"],
        free: |_| false,
    },
    Rule {
        says: "only cli and main print or exit",
        patterns: &[
            "println !",
            "print !",
            "eprintln !",
            "eprint !",
            "dbg !",
            "stdout (",
            "stderr (",
            "process : : exit",
            "process : : abort",
        ],
        free: |f| in_rooms(f, &["cli", "main"]),
    },
    Rule {
        says: "the order of a HashMap or HashSet must not reach a result: use BTreeMap, BTreeSet or Vec",
        patterns: &["HashMap", "HashSet", "RandomState"],
        free: |_| false,
    },
    Rule {
        says: "no clock outside study and cli",
        patterns: &["SystemTime", "Instant"],
        free: |f| in_rooms(f, &["study", "calibrate", "cli", "main"]),
    },
    Rule {
        says: "no environment outside cli",
        patterns: &["env : :", "std : : env"],
        free: |f| in_rooms(f, &["cli", "main"]),
    },
];

pub fn line_of(room: &str) -> Option<usize> {
    LINES.iter().position(|line| line.contains(&room))
}

/// Which rooms a file names, and whether its own may.
fn arrows(file: &File) -> Vec<String> {
    if file.path == "lib.rs" {
        return Vec::new();
    }
    let Some(own) = line_of(file.room()) else {
        return vec![format!("{}:1: this room is in no line of tests/layers/rules.rs", file.path)];
    };
    let mut found = Vec::new();
    for (line, room) in rooms_named(file) {
        let allowed = match line_of(&room) {
            Some(below) => below < own || room == file.room(),
            // A name that is no room is a defect of this test's reading, unless the whole crate is taken.
            None => !matches!(room.as_str(), "*" | "self" | "as"),
        };
        if !allowed {
            found.push(format!("{}:{line}: {} may not use {room}", file.path, file.room()));
        }
    }
    found
}

/// The first names of all paths that start at the root of the crate.
fn rooms_named(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < file.tokens.len() {
        let supers = (0..).take_while(|k| file.matches(i + 3 * k, &["super", ":", ":"])).count();
        let start = if file.matches(i, &["crate", ":", ":"]) || file.matches(i, &["eclosion", ":", ":"]) {
            Some(i + 3)
        } else if supers > 0 && supers >= file.depth() {
            Some(i + 3 * supers)
        } else {
            None
        };
        // `use crate as everything` takes the whole crate as well.
        if file.matches(i, &["use", "crate", "as"]) {
            found.push((file.tokens[i].line, "as".to_owned()));
        }
        match start {
            Some(start) => {
                found.extend(first_names(file, start));
                i = start;
            }
            None => i += 1 + 3 * supers.saturating_sub(1),
        }
    }
    found
}

/// The name at `start`, or those that begin the branches of `{a::b, c}`.
fn first_names(file: &File, start: usize) -> Vec<(usize, String)> {
    let named = |i: usize| (file.tokens.get(i).map_or(0, |t| t.line), file.word(i).to_owned());
    if file.word(start) != "{" {
        return vec![named(start)];
    }
    let mut found = Vec::new();
    let mut depth = 0;
    for i in start..file.tokens.len() {
        match file.word(i) {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        let begins = depth == 1 && matches!(file.word(i), "{" | ",") && file.word(i + 1) != "}";
        if begins {
            found.push(named(i + 1));
        }
    }
    found
}
