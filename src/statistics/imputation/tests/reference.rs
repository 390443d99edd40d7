//! The single draws with the random numbers of the reference cases.

use super::draws::Listed;
use crate::statistics::imputation::logreg::LogisticModel;
use crate::statistics::imputation::norm::NormalModel;
use crate::statistics::imputation::ordinal::OrdinalModel;
use crate::statistics::imputation::pmm::MatchingModel;
use crate::statistics::imputation::{Augmentation, Incomplete};
use crate::statistics::tests::{Case, columns, numbers};

/// An outcome and its predictors, split into rows with and without it.
struct Split {
    columns: usize,
    observed: Vec<f64>,
    outcome: Vec<f64>,
    missing: Vec<f64>,
    /// Row of the file of each observed row, from 1.
    rows: Vec<usize>,
}

impl Split {
    fn of(case: &Case) -> Self {
        let table = columns(case.json["data"].as_str().unwrap());
        let y = &table[case.setting("outcome").as_str().unwrap()];
        let predictors: Vec<&Vec<f64>> =
            case.setting("predictors").as_array().unwrap().iter().map(|p| &table[p.as_str().unwrap()]).collect();
        let columns = predictors.len() + 1;
        let (mut observed, mut missing) = (Vec::new(), Vec::new());
        let (mut outcome, mut rows) = (Vec::new(), Vec::new());
        for (i, value) in y.iter().enumerate() {
            let row = std::iter::once(1.0).chain(predictors.iter().map(|x| x[i]));
            if value.is_nan() {
                missing.extend(row);
            } else {
                observed.extend(row);
                outcome.push(*value);
                rows.push(i + 1);
            }
        }
        Self { columns, observed, outcome, missing, rows }
    }

    fn data(&self) -> Incomplete<'_> {
        Incomplete { columns: self.columns, observed: &self.observed, outcome: &self.outcome, missing: &self.missing }
    }
}

/// A column of a matrix in a case, whose rows have one number each.
fn check_column(case: &Case, key: &str, got: &[f64]) {
    for (k, value) in got.iter().enumerate() {
        case.check(&[key, &k.to_string(), "0"], Some(*value));
    }
}

#[test]
fn reference_mi_draw_norm() {
    let case = Case::read("mi_draw_norm");
    let split = Split::of(&case);
    let beta = numbers(case.setting("normal_beta"));
    let mut draws = Listed {
        normal: beta.into_iter().chain(numbers(case.setting("normal_residual"))).collect(),
        chi_square: vec![case.setting("chi_square_draw").as_f64().unwrap()],
        ..Listed::default()
    };
    let mut model = NormalModel::default();
    model.fit(&split.data()).unwrap();
    check_column(&case, "beta_hat", model.least_squares().coefficients());
    case.check(&["rss"], Some(model.least_squares().rss()));
    case.check(&["df"], Some(model.df()));
    model.draw(&mut draws);
    assert_eq!(draws.df, [model.df()]);
    case.check(&["sigma_star"], Some(model.sigma()));
    check_column(&case, "beta_star", model.beta());
    let mut imputed = Vec::new();
    model.impute(&split.data(), &[], &mut draws, &mut imputed);
    case.check_all(&["imputed"], &imputed);
    assert!(draws.normal.is_empty());
}

#[test]
fn reference_mi_draw_logreg() {
    let case = Case::read("mi_draw_logreg");
    let split = Split::of(&case);
    let mut draws = Listed {
        normal: numbers(case.setting("normal_beta")),
        uniform: numbers(case.setting("uniform")),
        ..Listed::default()
    };
    let augment = case.setting("augment").as_bool().unwrap();
    let mut model = LogisticModel::default();
    model.fit(&split.data(), if augment { Augmentation::Always } else { Augmentation::OnSeparation }).unwrap();
    assert_eq!(model.augmented(), augment);
    case.check_all(&["beta_hat"], model.coefficients());
    model.draw(&mut draws);
    check_column(&case, "beta_star", model.beta());
    let chances: Vec<f64> = split.data().missing_rows().map(|row| model.probability(row, 0.0)).collect();
    case.check_all(&["prob"], &chances);
    let mut imputed = Vec::new();
    model.impute(&split.data(), &[], &mut draws, &mut imputed);
    case.check_all(&["imputed"], &imputed);
}

#[test]
fn reference_mi_augmented() {
    let case = Case::read("mi_augmented");
    let split = Split::of(&case);
    let mut model = LogisticModel::default();
    model.fit(&split.data(), Augmentation::Always).unwrap();
    assert!(model.augmented());
    case.check_all(&["coef"], model.coefficients());
    let p = split.columns;
    let errors: Vec<f64> = model.factor().chunks(p).map(|row| libm::sqrt(row.iter().map(|v| v * v).sum())).collect();
    case.check_all(&["se"], &errors);
    let pseudo = model.pseudo_rows();
    case.check(&["weight_each"], Some(pseudo.weight()));
    let count = pseudo.rows().count();
    case.check(&["rows_added"], Some(2.0 * count as f64));
    for k in 0..2 * count {
        let row = pseudo.rows().nth(k % count).unwrap();
        case.check_all(&["added_x", &k.to_string()], &row[1..]);
        case.check(&["added_y", &k.to_string()], Some((k / count) as f64));
    }
}

#[test]
fn reference_mi_draw_pmm() {
    let case = Case::read("mi_draw_pmm");
    let split = Split::of(&case);
    let mut draws = Listed {
        normal: numbers(case.setting("normal_beta")),
        chi_square: vec![case.setting("chi_square_draw").as_f64().unwrap()],
        ..Listed::default()
    };
    let donors = usize::try_from(case.setting("donors").as_u64().unwrap()).unwrap();
    let mut model = MatchingModel::default();
    model.fit(&split.data()).unwrap();
    model.draw(&mut draws);
    check_column(&case, "beta_star", model.model().beta());
    let dot = |row: &[f64], b: &[f64]| row.iter().zip(b).map(|(x, b)| x * b).sum::<f64>();
    let missing: Vec<f64> = split.data().missing_rows().map(|row| dot(row, model.model().beta())).collect();
    case.check_all(&["predicted_missing"], &missing);
    let mut observed = model.candidates().to_vec();
    observed.sort_by_key(|c| c.row);
    case.check_all(&["predicted_observed"], &observed.iter().map(|c| c.predicted).collect::<Vec<_>>());
    for (k, predicted) in missing.iter().enumerate() {
        let found = model.donors(*predicted, donors);
        let all = found.nearer.iter().chain(found.tied[0]).chain(found.tied[1]);
        let mut rows: Vec<f64> = all.map(|c| split.rows[c.row] as f64).collect();
        rows.sort_by(f64::total_cmp);
        case.check_all(&["donor_rows_1based", &k.to_string()], &rows);
        assert_eq!(found.count, donors);
    }
}

#[test]
fn reference_ordinal_60() {
    // The proportional odds fit itself, against the case of the regression.
    let case = Case::read("ordinal_60");
    let split = Split::of(&case);
    let categories = 1 + split.outcome.iter().fold(0.0_f64, |m, y| m.max(*y)) as usize;
    let mut model = OrdinalModel::default();
    model.fit(&split.data(), categories, Augmentation::Never).unwrap();
    let thresholds = categories - 1;
    case.check_all(&["thresholds"], &model.coefficients()[..thresholds]);
    case.check_all(&["coef"], &model.coefficients()[thresholds..]);
    case.check(&["loglik"], Some(model.log_likelihood()));
}
