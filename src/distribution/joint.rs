//! Several normal variables that go together.
//!
//! The first variable is the first uniform's quantile, each later one a mixture of those before and of a uniform of
//! its own (the Cholesky factor of the correlations): a further variable at the end moves none of the others.

use super::arguments::{Given, all_slots, evaluate, with_columns, written};
use super::{BLOCK, LawProblem, LawScratch};
use crate::diagnostic::{Diagnostics, Text, near_miss};
use crate::formula::{Bounds, Call, Input, Scope, Wanted, compile, parse_call};
use crate::streams::{Lane, Purpose, Streams, normal_quantile};

/// Name of the law.
pub(super) const NAME: &str = "multivariate_normal";

/// Normal variables with their correlations.
#[derive(Clone, Debug)]
pub struct JointLaw {
    names: Vec<String>,
    slots: Vec<u32>,
    /// Mean and standard deviation of each variable in turn.
    given: Vec<Given>,
    /// Lower triangle of the Cholesky factor of the correlations, row by row.
    factor: Vec<Vec<f64>>,
}

/// Checks `multivariate_normal(mean_x = ..., sd_x = ..., cor_x_y = ...)` for the variables `names`. Means (0 unless
/// given) and standard deviations (1 unless given) are formulas, correlations (0 unless given) must be the same for
/// everybody. Problems: S0201 to S0218, S0212 where the correlations cannot be.
pub fn declare_joint(names: &[Text], text: &Text, scope: &dyn Scope, problems: &mut Diagnostics) -> Option<JointLaw> {
    let call = parse_call(text, problems)?;
    if call.name.text != NAME {
        let message = format!("`{}` cannot draw several attributes at once", call.name.text);
        problems.error("S0215", &call.name.span, message).help(format!("`{NAME}(...)` can"));
        return None;
    }
    let mut found = Diagnostics::new();
    let law = read(names, &call, scope, &mut found);
    let sound = !found.has_errors();
    problems.extend(found);
    law.filter(|_| sound)
}

fn read(names: &[Text], call: &Call, scope: &dyn Scope, problems: &mut Diagnostics) -> Option<JointLaw> {
    check_names(names, call, problems);
    let mut given = Vec::with_capacity(2 * names.len());
    for name in names {
        for (key, wanted, default) in [("mean", Wanted::Number, 0.0), ("sd", Wanted::Rate, 1.0)] {
            match argument(call, &format!("{key}_{}", name.text)) {
                Some(text) => given.extend(compile(text, &wanted, scope, problems).map(|p| Given::program(p, wanted))),
                None => given.push(Given::fixed(default, call.name.clone())),
            }
        }
    }
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(names.len());
    for (row, name) in names.iter().enumerate() {
        let mut correlations = Vec::with_capacity(row);
        for other in &names[..row] {
            correlations.push(correlation(call, &other.text, &name.text, scope, problems)?);
        }
        let Some(next) = next_row(&factor, &correlations) else {
            let message = format!("the correlations of `{}` with the variables before it cannot all be", name.text);
            problems
                .error("S0212", &call.name.span, message)
                .help("make them smaller, or those of the other variables with each other greater");
            return None;
        };
        factor.push(next);
    }
    if given.len() != 2 * names.len() {
        return None;
    }
    let slots = all_slots(&given);
    given.iter_mut().for_each(|g| g.bind(&slots));
    Some(JointLaw { names: names.iter().map(|n| n.text.clone()).collect(), slots, given, factor })
}

fn argument<'a>(call: &'a Call, name: &str) -> Option<&'a Text> {
    call.arguments.iter().find(|(key, _)| key.text == name).map(|(_, text)| text)
}

/// Refuses arguments that belong to no variable or pair.
fn check_names(names: &[Text], call: &Call, problems: &mut Diagnostics) {
    let single = names.iter().flat_map(|n| [format!("mean_{}", n.text), format!("sd_{}", n.text)]);
    let pairs = names.iter().enumerate().flat_map(|(k, a)| names[..k].iter().map(move |b| (a, b)));
    let pairs = pairs.flat_map(|(a, b)| [format!("cor_{}_{}", b.text, a.text), format!("cor_{}_{}", a.text, b.text)]);
    let known: Vec<String> = single.chain(pairs).collect();
    for (k, (name, _)) in call.arguments.iter().enumerate() {
        if !known.contains(&name.text) {
            let help = match near_miss(&name.text, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known here: {}", known.join(", ")),
            };
            problems.error("S0216", &name.span, format!("`{NAME}` has no argument `{}`", name.text)).help(help);
        } else if call.arguments[..k].iter().any(|(before, _)| before.text == name.text) {
            problems.error("S0216", &name.span, format!("`{}` is given twice", name.text));
        }
    }
}

fn correlation(call: &Call, a: &str, b: &str, scope: &dyn Scope, problems: &mut Diagnostics) -> Option<f64> {
    let (one, other) = (argument(call, &format!("cor_{a}_{b}")), argument(call, &format!("cor_{b}_{a}")));
    if let (Some(_), Some(twice)) = (one, other) {
        problems.error("S0216", &twice.span, format!("the correlation of `{a}` and `{b}` is given twice"));
        return None;
    }
    let Some(text) = one.or(other) else { return Some(0.0) };
    match compile(text, &Wanted::Number, scope, problems)?.constant() {
        Some(value) if value.abs() < 1.0 => Some(value),
        Some(value) => {
            problems.error("S0212", &text.span, format!("a correlation lies between -1 and 1, and this is {value}"));
            None
        }
        None => {
            let message = "a correlation must be the same for everybody: a number or a formula of parameters";
            problems.error("S0212", &text.span, message);
            None
        }
    }
}

/// The next row of the Cholesky factor of a correlation matrix; nothing if it is not positive definite.
fn next_row(factor: &[Vec<f64>], correlations: &[f64]) -> Option<Vec<f64>> {
    let mut row: Vec<f64> = Vec::with_capacity(correlations.len() + 1);
    for (above, correlation) in factor.iter().zip(correlations) {
        let done: f64 = above.iter().zip(&row).map(|(a, b)| a * b).sum();
        row.push((correlation - done) / above.last()?);
    }
    let left = 1.0 - row.iter().map(|v| v * v).sum::<f64>();
    (left > 1e-12).then(|| {
        row.push(libm::sqrt(left));
        row
    })
}

impl JointLaw {
    /// Names of the variables.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The slots that its arguments read, each once, in ascending order.
    #[must_use]
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// The references as written in the arguments, parallel to [`slots`](Self::slots).
    #[must_use]
    pub fn describe_inputs(&self) -> Vec<String> {
        self.slots.iter().map(|slot| written(&self.given, *slot)).collect()
    }

    /// The range of variable `k`: everything, unless its standard deviation is always 0.
    #[must_use]
    pub fn bounds(&self, k: usize) -> Bounds {
        match self.given.get(2 * k..2 * k + 2) {
            Some([mean, sd]) if sd.bounds().high == 0.0 => mean.bounds(),
            _ => Bounds::ANY,
        }
    }

    /// Draws for the persons `first ..` of a lane: `out[k]` takes variable `k`, as many rows as it has. `inputs` is
    /// as for [`Law::draw`](super::Law::draw).
    ///
    /// # Errors
    /// An argument is missing or outside of its range for a person; `out` is then not to be used.
    ///
    /// # Panics
    /// If `out` has not one column per variable, all of one length, or an input is missing or shorter.
    pub fn draw(
        &self,
        streams: &Streams,
        lane: &Lane,
        first: u32,
        inputs: &[Input<'_>],
        out: &mut [Vec<f64>],
        scratch: &mut LawScratch,
    ) -> Result<(), LawProblem> {
        let rows = out.first().map_or(0, Vec::len);
        for start in (0..rows).step_by(BLOCK) {
            let block = start..rows.min(start + BLOCK);
            evaluate(&self.given, inputs, start, block.len(), scratch)?;
            for (k, column) in out.iter_mut().enumerate() {
                let column = &mut column[block.clone()];
                let lane = Lane { purpose: shifted(lane.purpose, k), ..*lane };
                streams.fill_unit(&lane, first.wrapping_add(start as u32), column);
                column.iter_mut().for_each(|u| *u = normal_quantile(*u));
            }
            with_columns(&self.given, scratch, block.len(), |columns| {
                // From the last variable back, so that the independent values before it are still there.
                for k in (0..out.len()).rev() {
                    for (row, at) in block.clone().enumerate() {
                        let mixed: f64 = self.factor[k].iter().enumerate().map(|(j, f)| f * out[j][at]).sum();
                        out[k][at] = columns[2 * k].at(row) + columns[2 * k + 1].at(row) * mixed;
                    }
                }
            });
        }
        Ok(())
    }
}

/// The purpose of the draws of variable `k`; of the first it is the law's own.
fn shifted(purpose: Purpose, k: usize) -> Purpose {
    Purpose(purpose.0 ^ (k as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}
