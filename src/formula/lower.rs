//! From the tree of a text to typed terms: names get their meaning, types are checked, all problems are gathered.

use super::lexer::Fault;
use super::parser::assigned;
use super::term::Term;
use super::tree::{Argument, Binary, FUNCTION_NAMES, FUNCTIONS, Node, Unary, What};
use super::{Kind, Reference, Resolved, Scope, Wanted};
use crate::diagnostic::near_miss;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Names of levels that the surroundings of a part lead one to expect.
type Expected<'a> = Option<&'a Arc<[String]>>;

/// Gathers what a formula reads and what is wrong with it.
pub(super) struct Lowering<'a> {
    pub text: &'a str,
    pub scope: &'a dyn Scope,
    pub faults: Vec<Fault>,
    /// Slots by number, with the reference as it is written.
    pub written: BTreeMap<u32, String>,
    /// Names with one value for everybody, such as parameters.
    pub fixed: BTreeMap<String, (f64, Kind)>,
}

/// What a value is used for, for messages about types.
#[derive(Clone, Copy)]
enum Use<'a> {
    Number(&'a str),
    Truth(&'a str),
}

impl Lowering<'_> {
    fn fault<T>(
        &mut self,
        code: &'static str,
        range: &Range<usize>,
        message: String,
        help: Option<String>,
    ) -> Option<T> {
        self.faults.push(Fault { code, range: range.clone(), message, help });
        None
    }

    fn source(&self, range: &Range<usize>) -> String {
        self.text.get(range.clone()).unwrap_or_default().to_owned()
    }

    /// The term of a node; nothing if it has a problem, which is noted.
    pub fn lower(&mut self, node: &Node, expected: Expected<'_>) -> Option<Term> {
        let range = node.range.clone();
        match &node.what {
            What::Number(value) => Some(Term::constant(*value, Kind::Number, range)),
            What::Truth(value) => Some(Term::constant(f64::from(u8::from(*value)), Kind::Boolean, range)),
            What::Name(name) => self.reference(None, name, &[], &range, expected),
            What::Quoted(name) => self.level(name, &range, expected),
            What::Unary(Unary::Not, x) => {
                let x = self.wanted(x, Use::Truth("not"))?;
                Some(Term::unary(Unary::Not, x, Kind::Boolean, range))
            }
            What::Unary(operation, x) => {
                let x = self.wanted(x, Use::Number("-"))?;
                Some(Term::unary(*operation, x, Kind::Number, range))
            }
            What::Binary(operation, a, b) => self.binary(*operation, a, b, range),
            What::Call { name, name_range, arguments } => self.call(name, name_range, arguments, &range, expected),
        }
    }

    /// The term of a whole formula, of the type that is wanted.
    pub fn top(&mut self, node: &Node, wanted: &Wanted) -> Option<Term> {
        let expected = match wanted {
            Wanted::Level(levels) => Some(levels),
            _ => None,
        };
        let term = self.lower(node, expected)?;
        match (wanted, &term.kind) {
            (Wanted::Level(levels), Kind::Level(found)) if levels == found => Some(term),
            (Wanted::Level(levels), _) => {
                let message = format!("the name of a level is wanted here: {}", levels.join(", "));
                self.fault("S0203", &term.range, message, None)
            }
            (Wanted::Boolean, _) => self.used(term, Use::Truth("this place")),
            _ => self.used(term, Use::Number("this place")),
        }
    }

    fn level(&mut self, name: &str, range: &Range<usize>, expected: Expected<'_>) -> Option<Term> {
        let Some(levels) = expected else {
            let help = "compare it: `setting == 'community'`".to_owned();
            return self.fault(
                "S0203",
                range,
                format!("the name '{name}' stands where a number is wanted"),
                Some(help),
            );
        };
        if let Some(position) = levels.iter().position(|level| level == name) {
            return Some(Term::constant(position as f64, Kind::Level(levels.clone()), range.clone()));
        }
        let help = suggestion(name, levels.iter().map(String::as_str), "'");
        self.fault("S0208", range, format!("there is no level '{name}' here"), Some(help))
    }

    fn wanted(&mut self, node: &Node, usage: Use<'_>) -> Option<Term> {
        let term = self.lower(node, None)?;
        self.used(term, usage)
    }

    /// Checks that a term can be used as a number or as a truth.
    fn used(&mut self, term: Term, usage: Use<'_>) -> Option<Term> {
        let written = self.source(&term.range);
        match (&term.kind, usage) {
            (Kind::Level(levels), Use::Number(place) | Use::Truth(place)) => {
                let level = levels.first().map_or("...", String::as_str);
                let help = format!("compare it with a name: `{written} == '{level}'`");
                let message = format!("`{written}` is a name, which `{place}` cannot use");
                self.fault("S0203", &term.range.clone(), message, Some(help))
            }
            (Kind::Number, Use::Truth(place)) if !term.value().is_some_and(|v| v == 0.0 || v == 1.0) => {
                let message = format!("`{place}` wants true or false, and `{written}` is a number");
                self.fault("S0203", &term.range.clone(), message, Some(format!("compare it: `{written} > 0`")))
            }
            (Kind::Number, Use::Truth(_)) => Some(Term { kind: Kind::Boolean, ..term }),
            _ => Some(term),
        }
    }

    fn binary(&mut self, operation: Binary, a: &Node, b: &Node, range: Range<usize>) -> Option<Term> {
        if operation.compares() {
            return self.comparison(operation, a, b, range);
        }
        let (usage, kind) = match operation {
            Binary::And | Binary::Or => (Use::Truth(operation.symbol()), Kind::Boolean),
            _ => (Use::Number(operation.symbol()), Kind::Number),
        };
        let (a, b) = (self.wanted(a, usage), self.wanted(b, usage));
        Some(Term::binary(operation, a?, b?, kind, range))
    }

    fn comparison(&mut self, operation: Binary, a: &Node, b: &Node, range: Range<usize>) -> Option<Term> {
        // The side that is not a bare name of a level says which names the other may be.
        let (a, b) = if names_level(a) && !names_level(b) {
            let b = self.lower(b, None);
            let levels = self.levels_beside(b.as_ref(), a)?;
            (self.lower(a, levels.as_ref()), b)
        } else {
            let a = self.lower(a, None);
            if names_level(b) {
                let levels = self.levels_beside(a.as_ref(), b)?;
                (a, self.lower(b, levels.as_ref()))
            } else {
                let bare = a.as_ref().and_then(|a| levels_of(&a.kind));
                (a, self.lower(b, bare.as_ref()))
            }
        };
        let (a, b) = (a?, b?);
        match (&a.kind, &b.kind) {
            (Kind::Level(left), Kind::Level(right)) => {
                if left != right {
                    let message = "these two have different levels".to_owned();
                    return self.fault("S0203", &range, message, None);
                }
                if !matches!(operation, Binary::Equal | Binary::NotEqual) {
                    let message = format!("levels have no order for `{}`", operation.symbol());
                    let help = Some("use `==` or `!=`".to_owned());
                    return self.fault("S0203", &range, message, help);
                }
            }
            (Kind::Level(_), _) => return self.used(a, Use::Number(operation.symbol())),
            (_, Kind::Level(_)) => return self.used(b, Use::Number(operation.symbol())),
            _ => {}
        }
        Some(Term::binary(operation, a, b, Kind::Boolean, range))
    }

    /// The levels of a term that is compared with the name in `quoted`.
    #[expect(clippy::option_option, reason = "nothing: a problem is noted; nothing inside: the name will be blamed")]
    fn levels_beside(&mut self, term: Option<&Term>, quoted: &Node) -> Option<Option<Arc<[String]>>> {
        let term = term?;
        match &term.kind {
            Kind::Level(levels) => Some(Some(levels.clone())),
            kind => {
                let written = self.source(&term.range);
                let (is, help) = match kind {
                    Kind::Boolean => ("true or false", format!("write `{written}` or `not {written}`")),
                    _ => ("a number", format!("compare it with a number: `{written} == 1`")),
                };
                let message = format!("`{written}` is {is} and cannot be compared with a name");
                self.fault("S0203", &quoted.range, message, Some(help))
            }
        }
    }

    fn reference(
        &mut self,
        accessor: Option<&str>,
        name: &str,
        arguments: &[(String, f64)],
        range: &Range<usize>,
        expected: Expected<'_>,
    ) -> Option<Term> {
        match self.scope.resolve(&Reference { accessor, name, arguments }) {
            Ok(Resolved::Constant { value, kind }) => {
                self.fixed.insert(self.source(range), (value, kind.clone()));
                Some(Term::constant(value, kind, range.clone()))
            }
            Ok(Resolved::Slot { slot, kind, bounds }) => {
                let written = self.source(range);
                self.written.entry(slot).or_insert(written);
                Some(Term::slot(slot, kind, bounds, range.clone()))
            }
            Err(unresolved) => {
                let quoted = expected.is_some_and(|levels| levels.iter().any(|level| level == name));
                let help = if quoted {
                    Some(format!("names of levels stand in quotation marks: '{name}'"))
                } else if accessor.is_none() && FUNCTION_NAMES.contains(&name) {
                    Some(format!("`{name}` is a function: write `{name}(...)`"))
                } else {
                    unresolved.help.or_else(|| {
                        near_miss(&name.to_lowercase(), ["true", "false"]).map(|near| format!("did you mean `{near}`?"))
                    })
                };
                self.fault(unresolved.code, range, unresolved.message, help)
            }
        }
    }

    fn call(
        &mut self,
        name: &str,
        name_range: &Range<usize>,
        arguments: &[Argument],
        range: &Range<usize>,
        expected: Expected<'_>,
    ) -> Option<Term> {
        if let Some((_, operation)) = FUNCTIONS.iter().find(|(known, _)| *known == name) {
            self.positional(name, arguments, range, 1, Some(1))?;
            return self.function(*operation, name, &arguments[0].value, range);
        }
        match name {
            "min" | "max" => {
                self.positional(name, arguments, range, 2, None)?;
                self.extreme(name, arguments, range)
            }
            "if" => {
                self.positional(name, arguments, range, 3, Some(3))?;
                self.choice(arguments, range, expected)
            }
            _ if self.scope.accessors().contains(&name) => self.accessor(name, arguments, range, expected),
            _ => {
                let known = FUNCTION_NAMES.iter().copied().chain(self.scope.accessors().iter().copied());
                let help = suggestion(name, known, "`");
                self.fault("S0206", name_range, format!("there is no function `{name}` here"), Some(help))
            }
        }
    }

    /// Checks the number of arguments of a function and that none is named.
    fn positional(
        &mut self,
        name: &str,
        arguments: &[Argument],
        range: &Range<usize>,
        least: usize,
        most: Option<usize>,
    ) -> Option<()> {
        let named: Vec<Range<usize>> =
            arguments.iter().filter_map(|a| a.name.as_ref().map(|(_, equals)| equals.clone())).collect();
        if !named.is_empty() {
            self.faults.extend(named.into_iter().map(assigned));
            return None;
        }
        let count = arguments.len();
        if count < least || most.is_some_and(|most| count > most) {
            let wanted = match (name, least) {
                ("if", _) => "3 arguments: `if(condition, then, otherwise)`".to_owned(),
                (_, 1) => "1 argument".to_owned(),
                _ => format!("at least {least} arguments"),
            };
            return self.fault("S0207", range, format!("`{name}` wants {wanted}, and has {count}"), None);
        }
        Some(())
    }

    fn function(&mut self, operation: Unary, name: &str, x: &Node, range: &Range<usize>) -> Option<Term> {
        if operation == Unary::Missing {
            let x = self.lower(x, None)?;
            return Some(Term::unary(operation, x, Kind::Boolean, range.clone()));
        }
        let x = self.wanted(x, Use::Number(name))?;
        Some(Term::unary(operation, x, Kind::Number, range.clone()))
    }

    fn extreme(&mut self, name: &str, arguments: &[Argument], range: &Range<usize>) -> Option<Term> {
        let operation = if name == "min" { Binary::Minimum } else { Binary::Maximum };
        let terms: Vec<_> = arguments.iter().map(|a| self.wanted(&a.value, Use::Number(name))).collect();
        let terms = terms.into_iter().collect::<Option<Vec<_>>>()?;
        terms.into_iter().reduce(|a, b| Term::binary(operation, a, b, Kind::Number, range.clone()))
    }

    fn choice(&mut self, arguments: &[Argument], range: &Range<usize>, expected: Expected<'_>) -> Option<Term> {
        let [condition, then, otherwise] = arguments else { return None };
        let condition = self.wanted(&condition.value, Use::Truth("if"));
        // As in a comparison, a branch that is no bare name tells what the other may be.
        let (then, otherwise) = if names_level(&then.value) && expected.is_none() {
            let otherwise = self.lower(&otherwise.value, expected)?;
            let levels = levels_of(&otherwise.kind);
            (self.lower(&then.value, levels.as_ref()), Some(otherwise))
        } else {
            let then = self.lower(&then.value, expected);
            let levels = expected.cloned().or_else(|| then.as_ref().and_then(|then| levels_of(&then.kind)));
            let otherwise = self.lower(&otherwise.value, levels.as_ref());
            (then, otherwise)
        };
        let (condition, then, otherwise) = (condition?, then?, otherwise?);
        let kind = match (&then.kind, &otherwise.kind) {
            (a, b) if a == b => a.clone(),
            (Kind::Level(_), _) | (_, Kind::Level(_)) => {
                let message = "the two values of this `if` are of different types".to_owned();
                return self.fault("S0203", range, message, None);
            }
            _ => Kind::Number,
        };
        Some(Term::choose(condition, then, otherwise, kind, range.clone()))
    }

    fn accessor(
        &mut self,
        name: &str,
        arguments: &[Argument],
        range: &Range<usize>,
        expected: Expected<'_>,
    ) -> Option<Term> {
        let Some((first, rest)) = arguments.split_first() else {
            return self.fault("S0207", range, format!("`{name}` wants a name: `{name}(x)`"), None);
        };
        let What::Name(of) = &first.value.what else {
            let message = format!("`{name}` wants the name of a state or attribute");
            return self.fault("S0217", &first.value.range, message, Some(format!("write `{name}(x)`")));
        };
        if first.name.is_some() {
            let message = format!("the first argument of `{name}` has no name");
            return self.fault("S0217", &first.value.range, message, Some(format!("write `{name}(x)`")));
        }
        let mut values = Vec::with_capacity(rest.len());
        for argument in rest {
            let Some((key, _)) = &argument.name else {
                let message = format!("this argument of `{name}` needs a name");
                let help = Some(format!("such as `{name}({of}, wave = 1)`"));
                return self.fault("S0217", &argument.value.range, message, help);
            };
            let value = self.wanted(&argument.value, Use::Number(name))?;
            let Some(value) = value.value() else {
                let message = format!("`{key}` must be the same for everybody: a number or a formula of parameters");
                return self.fault("S0217", &argument.value.range, message, None);
            };
            values.push((key.clone(), value));
        }
        self.reference(Some(name), of, &values, range, expected)
    }
}

/// Whether a node is nothing but names of levels.
fn names_level(node: &Node) -> bool {
    match &node.what {
        What::Quoted(_) => true,
        What::Call { name, arguments, .. } if name == "if" => {
            arguments.len() == 3 && arguments[1..].iter().all(|a| names_level(&a.value))
        }
        _ => false,
    }
}

fn levels_of(kind: &Kind) -> Option<Arc<[String]>> {
    match kind {
        Kind::Level(levels) => Some(levels.clone()),
        _ => None,
    }
}

/// The nearest of the known names, or all of them.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone, quote: &str) -> String {
    match near_miss(name, known.clone()) {
        Some(near) => format!("did you mean {quote}{near}{quote}?"),
        None => format!("known here: {}", known.collect::<Vec<_>>().join(", ")),
    }
}
