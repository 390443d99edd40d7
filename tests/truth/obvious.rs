//! The states of a cohort again, person by person, from the same draws: every value must be the same.

use super::{simulated, streams, values};
use eclosion::streams::{Lane, Purpose, stratum};
use eclosion::tables::Truth;

const STEPS: usize = 6;
const GROUPS: [(&str, usize); 2] = [("women", 900), ("men", 700)];

/// A cohort with sites, lags and site means, and if `numbers`, with ages and times since, which formulas cannot have as
/// tables. `zero` is a number that everybody has, so that where it stands formulas are worked row by row.
fn cohort(zero: &str, numbers: bool) -> String {
    let (age, since) = if numbers { ("+ 0.1 * (age - 15)", "- 0.2 * min(since(earning), 3)") } else { ("", "") };
    format!(
        "[[group]]\nname = 'women'\nsize = 900\n[[group]]\nname = 'men'\nsize = 700\n\
         [[site]]\nname = 'place'\ncount = 4\n\
         [time]\nstep = '1 month'\nwaves = {{ every = '1 month', count = {} }}\n\
         [attributes]\nage = 'empirical(14 = 1, 15 = 2, 16 = 1)'\nz = 'normal(mean = 0, sd = 1)'\n\
         [state.setting]\nlevels = ['shelter', 'street', 'community']\nstarts = 'shelter'\n\
         moves = [{{ from = 'shelter', to = 'community', probability = \"expit(-2 + 0.5*lag(well) {zero})\", per = '1 month' }}, {{ from = 'shelter', to = 'street', probability = \"0.1 {zero}\", per = '1 month' }}]\n\
         [state.earning]\nstarts = 0.3\n\
         on = {{ probability = \"expit(-2 + 0.8 * (setting == 'community') {age} {zero})\", per = '1 month' }}\n\
         off = {{ probability = \"0.1 + 0.1 * (group == 'men') {zero}\", per = '1 month' }}\n\
         [state.well]\nstarts = 0.5\n\
         each_step = \"expit(-1.5 + earning + 1.5*lag(well) + 0.5*site_mean(well) {since} {zero})\"\nper = '1 month'\n",
        STEPS + 1
    )
}

#[derive(Clone)]
struct Person {
    lane: Lane,
    index: u32,
    age: f64,
    site: usize,
    setting: usize,
    earning: bool,
    well: bool,
    earning_since: Option<usize>,
}

impl Person {
    fn lane(&self, purpose: &str, occasion: usize) -> Lane {
        Lane { purpose: Purpose::named(purpose), occasion: occasion as u32, ..self.lane }
    }

    /// Whether something of a probability happens, by all 64 bits of the draw.
    fn happens(&self, purpose: &str, occasion: usize, probability: f64) -> bool {
        let lane = self.lane(purpose, occasion);
        let mut upper = [0];
        streams().fill_chance(&lane, self.index, &mut upper);
        let draw = u128::from(upper[0]) << 48 | u128::from(streams().own(&lane, self.index).word(0) >> 16);
        draw < (probability * 18_446_744_073_709_551_616.0) as u128
    }

    fn word(&self, purpose: &str) -> u64 {
        let mut word = [0];
        streams().fill_words(&self.lane(purpose, 0), self.index, &mut word);
        word[0]
    }
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

fn start(truth: &Truth, replicate: u64) -> Vec<Person> {
    let ages = values(truth, "age", 0);
    let rows = truth.rows(replicate as usize);
    let mut persons = Vec::new();
    for (group, size) in GROUPS {
        for index in 0..size as u32 {
            let lane = Lane { purpose: Purpose(0), occasion: 0, replicate, stratum: stratum(group) };
            let mut person = Person {
                lane,
                index,
                age: ages[rows.start + persons.len()],
                site: 0,
                setting: 0,
                earning: false,
                well: false,
                earning_since: None,
            };
            person.site = ((u128::from(person.word("site.place")) * 4) >> 64) as usize;
            person.earning = person.happens("state.earning", 0, 0.3);
            person.well = person.happens("state.well", 0, 0.5);
            person.earning_since = person.earning.then_some(0);
            persons.push(person);
        }
    }
    persons
}

fn step(persons: &mut [Person], step: usize, numbers: bool) {
    let numbers = f64::from(u8::from(numbers));
    let (mut well, mut all) = ([0.0; 4], [0.0; 4]);
    for person in persons.iter() {
        well[person.site] += f64::from(u8::from(person.well));
        all[person.site] += 1.0;
    }
    let years = step as f64 * (1.0 / 12.0);
    for (row, person) in persons.iter_mut().enumerate() {
        let was_well = f64::from(u8::from(person.well));
        if person.setting == 0 {
            // The upper part of the draw leads to the last level, in the order of the levels: stay, street, community.
            let (street, community) = (0.1, expit(-2.0 + 0.5 * was_well));
            let stays = 1.0 - (community + street);
            if !person.happens("state.setting", step, stays) {
                person.setting = if person.happens("state.setting", step, stays + street) { 1 } else { 2 };
            }
        }
        let in_community = f64::from(u8::from(person.setting == 2));
        let before = person.earning;
        let off = 0.1 + 0.1 * f64::from(u8::from(row >= GROUPS[0].1));
        let p = match before {
            true => 1.0 - off,
            false => expit(-2.0 + 0.8 * in_community + numbers * 0.1 * (person.age + years - 15.0)),
        };
        person.earning = person.happens("state.earning", step, p);
        let since = person.earning_since.map_or(f64::INFINITY, |onset| (step - onset) as f64 * (1.0 / 12.0));
        if person.earning && !before {
            person.earning_since = Some(step);
        }
        let earning = f64::from(u8::from(person.earning));
        let mean = well[person.site] / all[person.site];
        let p = expit(-1.5 + earning + 1.5 * was_well + 0.5 * mean - numbers * 0.2 * since.min(3.0));
        person.well = person.happens("state.well", step, p);
    }
}

#[test]
fn person_by_person_from_the_same_draws_as_by_rows() {
    person_by_person(true);
}

#[test]
fn person_by_person_from_the_same_draws_as_by_tables() {
    person_by_person(false);
}

fn person_by_person(numbers: bool) {
    let truth = simulated(&cohort("", numbers), 0..2);
    for replicate in 0..2 {
        let rows = truth.rows(replicate as usize);
        let mut persons = start(&truth, replicate);
        for moment in 0..=STEPS {
            if moment > 0 {
                step(&mut persons, moment, numbers);
            }
            let same = |name: &str, of: fn(&Person) -> f64| {
                let found = &values(&truth, name, moment)[rows.clone()];
                let expected: Vec<f64> = persons.iter().map(of).collect();
                assert_eq!(found, expected, "{name}, step {moment}, replicate {replicate}");
            };
            same("setting", |p| p.setting as f64);
            same("earning", |p| f64::from(u8::from(p.earning)));
            same("well", |p| f64::from(u8::from(p.well)));
            let sites: Vec<u32> = persons.iter().map(|p| p.site as u32).collect();
            assert_eq!(truth.site_at(moment).unwrap()[rows.clone()], sites);
        }
        let movers = persons.iter().filter(|p| p.setting > 0).count();
        assert!(movers > 200 && movers < 1600, "{movers} moved");
    }
}

#[test]
fn tables_and_rows_give_the_same_outcomes() {
    let by_table = simulated(&cohort("", false), 0..3);
    let by_row = simulated(&cohort("+ 0 * z", false), 0..3);
    for name in ["setting", "earning", "well"] {
        for moment in 0..=STEPS {
            assert_eq!(values(&by_table, name, moment), values(&by_row, name, moment), "{name}, step {moment}");
        }
    }
}
