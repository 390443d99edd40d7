//! Which column of a table is what.

use super::{Asked, Role, problem};
use crate::diagnostic::near_miss;
use crate::disk::Source;
use crate::tables::RunProblem;
use std::collections::BTreeMap;

/// Before the name of a varied parameter in the tables of `evaluate`.
const FACTOR: &str = "factor_";

/// The columns of one fit in a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FitColumns {
    /// The method, where the columns' names tell it and not a cell.
    pub(super) method: Option<String>,
    /// Position of the column of each role.
    pub(super) columns: BTreeMap<Role, usize>,
}

/// Which column of a table is what, by position.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    /// Columns that hold for the whole row.
    pub(super) row: BTreeMap<Role, usize>,
    /// The fits of a row: one in the long form.
    pub(super) fits: Vec<FitColumns>,
    /// Names and positions of the columns that tell conditions apart beside that of the condition.
    pub(super) factors: Vec<(String, usize)>,
    /// Columns that nothing is made of.
    pub(super) unused: Vec<String>,
}

/// Roles that stand beside each estimate where methods stand beside one another.
const OF_A_FIT: [Role; 7] =
    [Role::Estimate, Role::ModelSe, Role::Df, Role::Lower, Role::Upper, Role::Status, Role::Warning];

impl Form {
    /// Finds out what the columns of a table are.
    pub(super) fn of(source: &Source, asked: &Asked) -> Result<Self, RunProblem> {
        let finder = Finder::new(source, asked)?;
        let mut row = BTreeMap::new();
        for role in Role::ALL {
            // A value that is given stands in place of a column.
            let given = match role {
                Role::TrueValue => asked.true_value,
                Role::Null => asked.null,
                _ => None,
            };
            if given.is_some() {
                continue;
            }
            if let Some(position) = finder.find(role)? {
                row.insert(role, position);
            }
        }
        let factors = finder.factors();
        let mut fits = Vec::new();
        if !row.contains_key(&Role::Method) && !row.contains_key(&Role::Estimate) {
            fits = finder.beside(&row)?;
        }
        if fits.is_empty() {
            let columns = OF_A_FIT.iter().filter_map(|role| Some((*role, row.remove(role)?))).collect();
            fits.push(FitColumns { method: None, columns });
        } else {
            // Limits without a number belong to none of the methods; these stay unused.
            row.retain(|role, _| !OF_A_FIT.contains(role));
        }
        let mut form = Self { row, fits, factors, unused: Vec::new() };
        form.check(&finder)?;
        form.unused = form.unused(source);
        Ok(form)
    }

    /// Whether methods stand beside one another.
    pub(super) fn is_wide(&self) -> bool {
        self.fits.iter().any(|fit| fit.method.is_some())
    }

    /// Whether it is known of every fit if its program warned.
    pub(super) fn tells_warnings(&self) -> bool {
        self.fits.iter().all(|fit| fit.columns.contains_key(&Role::Warning))
    }

    /// The column of a role of the whole row.
    pub(super) fn column(&self, role: Role) -> Option<usize> {
        self.row.get(&role).copied()
    }

    fn check(&self, finder: &Finder<'_>) -> Result<(), RunProblem> {
        for fit in &self.fits {
            if !fit.columns.contains_key(&Role::Estimate) {
                return Err(finder.lacks(Role::Estimate));
            }
            let (lower, upper) = (fit.columns.contains_key(&Role::Lower), fit.columns.contains_key(&Role::Upper));
            if lower != upper {
                return Err(finder.lacks(if lower { Role::Upper } else { Role::Lower }));
            }
        }
        // In the wide form a row is a data set, whether it has a number or not.
        if self.column(Role::Replicate).is_none() && self.column(Role::Method).is_some() {
            return Err(finder.lacks(Role::Replicate));
        }
        Ok(())
    }

    fn unused(&self, source: &Source) -> Vec<String> {
        let of_fits = self.fits.iter().flat_map(|fit| fit.columns.values());
        let factors = self.factors.iter().map(|(_, position)| position);
        let used: Vec<usize> = self.row.values().chain(of_fits).chain(factors).copied().collect();
        let names = source.columns().iter().enumerate();
        names.filter(|(at, name)| !used.contains(at) && !name.is_empty()).map(|(_, name)| name.clone()).collect()
    }
}

/// Looks for columns by name.
struct Finder<'a> {
    source: &'a Source,
    asked: &'a Asked,
    /// In lower case.
    names: Vec<String>,
    /// Columns that the caller has named for something, or ruled out: common names do not find them.
    spoken_for: Vec<usize>,
    by: Vec<(String, usize)>,
}

impl<'a> Finder<'a> {
    fn new(source: &'a Source, asked: &'a Asked) -> Result<Self, RunProblem> {
        let names: Vec<String> = source.columns().iter().map(|name| name.to_lowercase()).collect();
        if names.iter().all(String::is_empty) {
            return Err(problem("R0068", format!("`{}` is empty", source.path().display())));
        }
        let mut finder = Self { source, asked, names, spoken_for: Vec::new(), by: Vec::new() };
        for name in &asked.ignore {
            let position = finder.named(name, "--ignore")?;
            finder.spoken_for.push(position);
        }
        for name in &asked.by {
            let position = finder.named(name, "--by")?;
            finder.speak_for(position, "--by")?;
            finder.by.push((name.clone(), position));
        }
        for (role, name) in &asked.columns {
            let position = finder.named(name, role.option())?;
            finder.speak_for(position, role.option())?;
        }
        Ok(finder)
    }

    fn speak_for(&mut self, position: usize, option: &str) -> Result<(), RunProblem> {
        if self.spoken_for.contains(&position) {
            let name = &self.source.columns()[position];
            let message = format!("{option} names the column `{name}`, which another option names as well");
            return Err(problem("R0064", message));
        }
        self.spoken_for.push(position);
        Ok(())
    }

    /// The column that an option names: written so, or the only one that differs in capitals only.
    fn named(&self, name: &str, option: &str) -> Result<usize, RunProblem> {
        let exact: Vec<usize> = self.positions(|column, _| column == name);
        let lower = name.to_lowercase();
        let found = if exact.is_empty() { self.positions(|_, column| column == lower) } else { exact };
        match found[..] {
            [one] => Ok(one),
            [] => {
                let near = near_miss(name, self.source.columns().iter().map(String::as_str));
                let near = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
                let message = format!("{option} names `{name}`{near}, but {}", self.there());
                Err(problem("R0063", message))
            }
            _ => Err(problem("R0064", format!("`{}` has two columns `{name}`: rename one", self.path()))),
        }
    }

    fn positions(&self, is_it: impl Fn(&str, &str) -> bool) -> Vec<usize> {
        let names = self.source.columns().iter().zip(&self.names).enumerate();
        names.filter(|(_, (name, lower))| is_it(name, lower)).map(|(at, _)| at).collect()
    }

    /// The column of a role: the one that the caller names, or the only one of a common name.
    fn find(&self, role: Role) -> Result<Option<usize>, RunProblem> {
        if let Some(name) = self.asked.columns.get(&role) {
            return self.named(name, role.option()).map(Some);
        }
        self.only(role, |name, lower| lower == name)
    }

    /// The only column that is one of the role's names by some rule.
    fn only(&self, role: Role, is_it: impl Fn(&str, &str) -> bool) -> Result<Option<usize>, RunProblem> {
        let mut found = Vec::new();
        for name in role.names() {
            found.extend(self.positions(|_, lower| is_it(name, lower)));
        }
        found.retain(|at| !self.spoken_for.contains(at));
        match found[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => {
                let names: Vec<String> = found.iter().map(|at| format!("`{}`", self.source.columns()[*at])).collect();
                let (path, words, option) = (self.path(), role.words(), role.option());
                let choice = &self.source.columns()[found[0]];
                let message = format!(
                    "`{path}`: {words} could be {}: choose one, as with `{option} {choice}`, or rule others out with --ignore",
                    names.join(" or "),
                );
                Err(problem("R0064", message))
            }
        }
    }

    /// Columns of `--by`, and those of the parameters that `evaluate` has varied.
    fn factors(&self) -> Vec<(String, usize)> {
        let mut factors = self.by.clone();
        for (at, name) in self.source.columns().iter().enumerate() {
            if let (false, Some(short)) = (self.spoken_for.contains(&at), name.strip_prefix(FACTOR)) {
                factors.push((short.to_owned(), at));
            }
        }
        factors
    }

    /// The fits of methods that stand beside one another: an estimate and a standard error each, whose names end alike.
    fn beside(&self, row: &BTreeMap<Role, usize>) -> Result<Vec<FitColumns>, RunProblem> {
        let mut endings: Vec<&str> = Vec::new();
        for (at, lower) in self.names.iter().enumerate() {
            let stubs = Role::Estimate.names().iter().filter(|_| !self.spoken_for.contains(&at));
            for ending in stubs.filter_map(|stub| lower.strip_prefix(stub)).filter(|e| !e.is_empty()) {
                let has_error =
                    Role::ModelSe.names().iter().any(|stub| self.names.contains(&format!("{stub}{ending}")));
                if has_error && !endings.contains(&ending) {
                    endings.push(ending);
                }
            }
        }
        // One alone may be chance.
        if endings.len() < 2 {
            return Ok(Vec::new());
        }
        endings.into_iter().map(|ending| self.one_of_several(ending, row)).collect()
    }

    fn one_of_several(&self, ending: &str, row: &BTreeMap<Role, usize>) -> Result<FitColumns, RunProblem> {
        let mut columns = BTreeMap::new();
        for role in OF_A_FIT {
            let own = self.only(role, |name, lower| lower.strip_prefix(name) == Some(ending))?;
            // A status, a warning, or degrees of freedom, may be those of the data set.
            let shared = || row.get(&role).copied().filter(|_| matches!(role, Role::Status | Role::Df | Role::Warning));
            if let Some(position) = own.or_else(shared) {
                columns.insert(role, position);
            }
        }
        let written = columns.get(&Role::Estimate).map_or("", |at| self.source.columns()[*at].as_str());
        let start = written.len().saturating_sub(ending.len());
        let method = written.get(start..).unwrap_or(ending).trim_start_matches(['_', '.', '-', ' ']);
        Ok(FitColumns { method: Some(method.to_owned()), columns })
    }

    fn lacks(&self, role: Role) -> RunProblem {
        let (path, words, option) = (self.path(), role.words(), role.option());
        let known = role.names().join(", ");
        let message =
            format!("`{path}` has no column for {words}: name it with {option} (known: {known}); {}", self.there());
        problem("R0063", message)
    }

    fn there(&self) -> String {
        const SHOWN: usize = 30;
        let names: Vec<&str> = self.source.columns().iter().map(String::as_str).collect();
        let more = match names.len().saturating_sub(SHOWN) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        format!("its columns are {}{more}", names[..names.len().min(SHOWN)].join(", "))
    }

    fn path(&self) -> std::path::Display<'_> {
        self.source.path().display()
    }
}
