//! Times of methods on one data set, as they run inside a replicate loop: bound once, buffers kept. The data are written to
//! `target/methods_N.csv`, and `Rscript benches/methods.R` times R's packages on the same files.
//!
//! `cargo bench --bench methods` prints microseconds a fit, for 128 persons and for 10,000, at 5 waves.

use eclosion::analyze::{self, Fit};
use eclosion::diagnostic::Diagnostics;
use eclosion::intake::{self, Intake};
use eclosion::scenario::{Plan, load_plan_text};
use eclosion::statistics::gee::{Correlation, Covariance, Family, Gee, Link, Row, Settings};
use eclosion::streams::{Lane, Own, Purpose, Space, Streams};
use std::fmt::Write;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

const WAVES: usize = 5;

/// A plan with one method for each figure.
const PLAN: &str = r#"
[data]
id = "id"
wave = "wave"
baseline = ["group", "age"]

[[estimand]]
name = "slope"
quantity = "coefficient"
of = "y"
model = "group + age + wave"
term = "group"
family = "binomial"
waves = "all"

[[estimand]]
name = "score slope"
quantity = "coefficient"
of = "score"
model = "group + age + wave"
term = "group"
family = "gaussian"
waves = "all"

[[estimand]]
name = "last odds"
quantity = "coefficient"
of = "y"
model = "group + age"
term = "group"
family = "binomial"
wave = 5

[[estimand]]
name = "last share"
quantity = "prevalence"
of = "y"
wave = 5

[[method]]
name = "GEE, exchangeable, Kauermann-Carroll errors"
method = "gee"
errors = "kauermann_carroll"
estimands = ["slope"]

[[method]]
name = "least squares, CR2 with Satterthwaite df"
method = "regression"
errors = "cr2"
cluster = "person"
estimands = ["score slope"]

[[method]]
name = "Firth at wave 5, profile limits of one coefficient"
method = "firth"
estimands = ["last odds"]

[[method]]
name = "weighting, error with estimated weights"
method = "ipw"
dropout_model = "y + group + wave"
errors = "estimated_weights"
estimands = ["last share"]

[[method]]
name = "chained equations, m = 20, then a share"
steps = ["impute.mice", "available_case"]
impute.mice = { variables = ["y"], baseline = ["group", "age"], m = 20 }
estimands = ["last share"]
"#;

/// A generator of its own, so that R can read the same data from a file.
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A panel in which one in ten leaves before each wave for good.
fn panel(persons: usize) -> PathBuf {
    let mut random = Random(persons as u64);
    let mut text = String::from("id,wave,group,age,y,score\n");
    for id in 1..=persons {
        let (group, own, age) = (id % 2, random.unit(), 14.0 + (random.unit() * 8.0).floor());
        for wave in 1..=WAVES {
            if wave > 1 && random.unit() < 0.1 {
                break;
            }
            let chance = 0.2 + 0.1 * group as f64 + 0.4 * own;
            let yes = u8::from(random.unit() < chance);
            let score = 10.0 * own + group as f64 + wave as f64 + random.unit();
            writeln!(text, "{id},{wave},{group},{age},{yes},{score:.6}").expect("a string takes all");
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/methods_{persons}.csv"));
    std::fs::write(&path, text).expect("target can be written");
    path
}

fn stream() -> Own {
    let lane = Lane { purpose: Purpose::named("bench"), occasion: 0, replicate: 0, stratum: 0 };
    Streams::new(1, Space::Method).own(&lane, 0)
}

/// The best time of a call, in microseconds, over turns of at least a tenth of a second.
fn best(mut work: impl FnMut()) -> f64 {
    work();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let (clock, mut calls) = (Instant::now(), 0);
        while clock.elapsed().as_secs_f64() < 0.1 {
            work();
            calls += 1;
        }
        best = best.min(clock.elapsed().as_secs_f64() * 1e6 / f64::from(calls));
    }
    best
}

fn fits(plan: &Plan, intake: &Intake) -> Vec<(String, Box<dyn Fit>)> {
    let schema = &intake.batch.schema;
    let targets = plan.targets(schema, &mut Diagnostics::new()).expect("the estimands fit the data");
    let bound = plan.methods.iter().map(|declared| {
        let asked = declared.estimands.as_ref().and_then(|list| list.first()).expect("it names an estimand");
        let target = targets.iter().find(|t| t.name == asked.text).expect("it is declared");
        let fit = analyze::bind(&declared.method, target, schema).unwrap_or_else(|e| panic!("{}", e.why));
        (declared.name.text.clone(), fit)
    });
    bound.collect()
}

/// The procedure itself with all errors, as a report has them.
fn gee_with_all_errors(path: &Path) -> f64 {
    let mut reader = csv::Reader::from_path(path).expect("it was just written");
    let rows: Vec<Vec<f64>> =
        reader.records().map(|r| r.expect("a row").iter().map(|c| c.parse().expect("a number")).collect()).collect();
    let settings = Settings {
        family: Family::Binomial,
        link: Link::Logit,
        correlation: Correlation::Exchangeable,
        ..Settings::default()
    };
    let (mut gee, mut out) = (Gee::default(), Vec::new());
    best(|| {
        gee.clear(4);
        for row in &rows {
            let [id, wave, group, age, y, _] = row[..] else { panic!("six columns") };
            let x = [1.0, group, age, wave];
            gee.push(&Row {
                pattern: &x,
                outcome: y,
                cluster: id as usize,
                wave: wave as i32,
                weight: 1.0,
                offset: 0.0,
            });
        }
        gee.fit(&settings).expect("it converges");
        for kind in Covariance::ALL {
            gee.covariance(kind, &mut out).expect("it is defined");
        }
        black_box(&out);
    })
}

fn main() {
    let loaded = load_plan_text("plan", PLAN);
    let plan = loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.problems.list()));
    for persons in [128, 10_000] {
        let path = panel(persons);
        let intake = intake::read(std::slice::from_ref(&path), &plan.data).expect("the data can be read");
        println!("{persons} persons, {WAVES} waves, {} rows", intake.rows);
        println!("  {:10.1} us  GEE, exchangeable, all six errors", gee_with_all_errors(&path));
        for (name, mut fit) in fits(&plan, &intake) {
            let observed = intake.batch.replicate(0);
            if let Err(failure) = fit.fit(&observed, &mut stream()) {
                println!("  failed: {name}: {}", failure.detail);
                continue;
            }
            let time = best(|| {
                black_box(fit.fit(&observed, &mut stream()).is_ok());
            });
            println!("  {time:10.1} us  {name}");
        }
    }
}
