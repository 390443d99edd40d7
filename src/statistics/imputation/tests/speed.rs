//! How long imputations take, on request: `cargo test -- --ignored --nocapture speed`.

use super::draws::Generator;
use super::longrun::{Wide, plan};
use crate::statistics::draws::Draws;
use crate::statistics::imputation::{Augmentation, Chained, Kind};

#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stdout, reason = "a measurement")]
fn speed_of_twenty_imputations_of_128_persons_in_5_waves() {
    let mut draws = Generator(3);
    let (rows, waves) = (128, 5);
    for (name, binary, gaps) in [
        ("normal, gaps", false, true),
        ("yes/no, gaps", true, true),
        ("normal, dropout", false, false),
        ("yes/no, dropout", true, false),
    ] {
        let mut data: Vec<f64> = (0..rows).map(|i| (i % 2) as f64).collect();
        data.extend((0..rows).map(|_| 30.0 + 5.0 * draws.normal()));
        let common: Vec<f64> = (0..rows).map(|_| draws.normal()).collect();
        let left: Vec<f64> = (0..rows).map(|_| 12.0 * draws.uniform()).collect();
        for w in 0..waves {
            for i in 0..rows {
                let value = common[i] + draws.normal();
                let value = if binary { f64::from(u8::from(value > 0.3)) } else { value };
                let missing = if gaps { draws.uniform() < 0.2 } else { left[i] < w as f64 };
                data.push(if missing { f64::NAN } else { value });
            }
        }
        let wide = Wide { rows, data, baseline: 2, waves };
        let kind = if binary { Kind::Logistic(Augmentation::OnSeparation) } else { Kind::Normal };
        let mut chained = Chained::new(plan(&wide, kind, true));
        let start = std::time::Instant::now();
        let rounds = 5;
        for _ in 0..rounds {
            chained.load(&wide.data, wide.rows).unwrap();
            for _ in 0..20 {
                chained.impute(&mut draws).unwrap();
            }
        }
        println!(
            "{name}: {:.2} ms (one pass: {})",
            1e3 * start.elapsed().as_secs_f64() / f64::from(rounds),
            chained.one_pass()
        );
    }
}
