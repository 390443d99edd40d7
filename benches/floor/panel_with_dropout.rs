//! The study `scenarios/panel_with_dropout.toml` as a plain program: what a good programmer would write in an hour for
//! this one study, row by row, on one thread. Nothing of the library is used, so it is also a second, independent
//! implementation of the study's known answers.

/// Persons of each group.
pub const SIZES: [usize; 4] = [32, 34, 28, 34];
/// Yearly waves.
pub const WAVES: usize = 5;
/// Share with y = 1 at the first wave, by group.
pub const START: [f64; 4] = [0.5, 0.4, 0.3, 0.2];
/// Probability that an answer is wrong.
pub const WRONG: f64 = 0.1;
const Z: f64 = 1.959_963_984_540_054;

/// Which value of y the dropout reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layer {
    /// The true state at the wave before.
    True,
    /// The answer recorded at the wave before.
    Recorded,
}

/// A point estimate with its interval.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

/// What one data set gives. A method that has no answer gives none.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// True share at wave 5 among these very persons.
    pub cohort_truth: f64,
    /// Share at wave 5 among those who answered all waves, with Wilson's interval.
    pub complete_case: Option<Estimate>,
    /// Weighted share at wave 5, with the robust interval that takes the weights as known.
    pub ipw: Option<Estimate>,
    /// Coefficient of the group's number in the logistic regression of the answer at wave 5, with Wald's interval.
    pub slope: Option<Estimate>,
}

/// xoshiro256++ (Blackman and Vigna 2021, doi:10.1145/3460772), seeded with splitmix64.
pub struct Random([u64; 4]);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut x = seed;
        let mut next = || {
            x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        };
        Self([next(), next(), next(), next()])
    }

    fn word(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Whether an event of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        (self.word() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64) < probability
    }
}

#[expect(clippy::disallowed_methods, reason = "a plain program calls the platform's exp, which is also the faster one")]
fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// One person: the true states, the answers, and how many waves were answered.
#[derive(Clone, Copy)]
pub struct Person {
    g: f64,
    truth: [bool; WAVES],
    answer: [bool; WAVES],
    answered: usize,
}

/// The persons of one replicate, true and as seen.
pub fn simulate(random: &mut Random, layer: Layer, persons: &mut Vec<Person>) {
    persons.clear();
    for (group, size) in SIZES.into_iter().enumerate() {
        let g = group as f64;
        for _ in 0..size {
            let mut person = Person { g, truth: [false; WAVES], answer: [false; WAVES], answered: 0 };
            let mut here = true;
            for t in 0..WAVES {
                person.truth[t] = random.happens(match t {
                    0 => START[group],
                    _ => expit(-1.0 + 2.0 * number(person.truth[t - 1]) + 0.3 * g),
                });
                if t > 0 && here {
                    let read = match layer {
                        Layer::True => person.truth[t - 1],
                        Layer::Recorded => person.answer[t - 1],
                    };
                    here = !random.happens(expit(-2.2 + 0.8 * number(read)));
                }
                if here {
                    person.answer[t] = person.truth[t] != random.happens(WRONG);
                    person.answered = t + 1;
                }
            }
            persons.push(person);
        }
    }
}

/// Simulates one replicate and runs the three methods on its answers.
pub fn replicate(random: &mut Random, layer: Layer, persons: &mut Vec<Person>) -> Answers {
    simulate(random, layer, persons);
    let yes = persons.iter().filter(|p| p.truth[WAVES - 1]).count();
    Answers {
        cohort_truth: yes as f64 / persons.len() as f64,
        complete_case: complete_case(persons),
        ipw: ipw(persons),
        slope: slope(persons),
    }
}

fn number(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

fn complete(persons: &[Person]) -> impl Iterator<Item = &Person> {
    persons.iter().filter(|p| p.answered == WAVES)
}

fn complete_case(persons: &[Person]) -> Option<Estimate> {
    let n = complete(persons).count() as f64;
    if n == 0.0 {
        return None;
    }
    let p = complete(persons).filter(|p| p.answer[WAVES - 1]).count() as f64 / n;
    let centre = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let below = 1.0 + Z * Z / n;
    Some(Estimate { estimate: p, low: (centre - half) / below, high: (centre + half) / below })
}

/// Weights 1 / P(still answering), from a pooled logistic regression on the answer at the wave before.
fn ipw(persons: &[Person]) -> Option<Estimate> {
    let at_risk = |f: &mut dyn FnMut(f64, bool)| {
        for p in persons {
            for t in 1..WAVES.min(p.answered + 1) {
                f(number(p.answer[t - 1]), p.answered > t);
            }
        }
    };
    let (b0, b1, _) = logistic(at_risk)?;
    let (mut weights, mut sum) = (0.0, 0.0);
    let mut weight = Vec::with_capacity(persons.len());
    for p in complete(persons) {
        let w: f64 = (1..WAVES).map(|t| 1.0 / expit(b0 + b1 * number(p.answer[t - 1]))).product();
        weights += w;
        sum += w * number(p.answer[WAVES - 1]);
        weight.push(w);
    }
    if weights == 0.0 {
        return None;
    }
    let mean = sum / weights;
    let mut squares = 0.0;
    for (p, w) in complete(persons).zip(&weight) {
        let u = w * (number(p.answer[WAVES - 1]) - mean);
        squares += u * u;
    }
    let half = Z * squares.sqrt() / weights;
    Some(Estimate { estimate: mean, low: mean - half, high: mean + half })
}

fn slope(persons: &[Person]) -> Option<Estimate> {
    let rows = |f: &mut dyn FnMut(f64, bool)| complete(persons).for_each(|p| f(p.g, p.answer[WAVES - 1]));
    let (_, b, se) = logistic(rows)?;
    Some(Estimate { estimate: b, low: b - Z * se, high: b + Z * se })
}

/// Logistic regression on an intercept and one variable by Newton's method: both coefficients and the standard error
/// of the second. `rows` calls its argument with (x, outcome) for each row.
fn logistic(rows: impl Fn(&mut dyn FnMut(f64, bool))) -> Option<(f64, f64, f64)> {
    let (mut b0, mut b1) = (0.0, 0.0);
    for _ in 0..25 {
        let (mut u0, mut u1, mut i00, mut i01, mut i11) = (0.0, 0.0, 0.0, 0.0, 0.0);
        rows(&mut |x, y| {
            let p = expit(b0 + b1 * x);
            let (r, w) = (number(y) - p, p * (1.0 - p));
            u0 += r;
            u1 += r * x;
            i00 += w;
            i01 += w * x;
            i11 += w * x * x;
        });
        let determinant = i00 * i11 - i01 * i01;
        if determinant.is_nan() || determinant <= 1e-10 * i00 * i11 {
            return None;
        }
        let (s0, s1) = ((i11 * u0 - i01 * u1) / determinant, (i00 * u1 - i01 * u0) / determinant);
        b0 += s0;
        b1 += s1;
        if s0.abs().max(s1.abs()) < 1e-10 {
            return Some((b0, b1, (i00 / determinant).sqrt()));
        }
    }
    None
}

/// The share at wave 5 in the population, from the Markov chain of each group: 0.6400.
pub fn population_truth() -> f64 {
    let mut sum = 0.0;
    for (group, size) in SIZES.into_iter().enumerate() {
        let g = group as f64;
        let step = |p: f64| p * expit(1.0 + 0.3 * g) + (1.0 - p) * expit(-1.0 + 0.3 * g);
        sum += size as f64 * (1..WAVES).fold(START[group], |p, _| step(p));
    }
    sum / SIZES.iter().sum::<usize>() as f64
}
