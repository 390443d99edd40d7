use super::{close, data, errors, numbers};
use crate::statistics::regression::{Covariance, Failure, LeastSquares, Rows, Wald};
use crate::statistics::tests::Case;
use Covariance::*;

#[test]
fn reference_cases() {
    for name in ["ols_person_clusters", "ols_singletons", "ols_sites", "ols_tiny"] {
        let case = Case::read(name);
        let d = data(&case, true);
        d.check_terms(&case);
        let mut ols = LeastSquares::default();
        let fit = ols.fit(&d.rows()).unwrap().clone();
        assert_eq!(case.expected(&["n"]).as_u64(), Some(fit.n as u64));
        assert_eq!(case.expected(&["df_residual"]).as_u64(), Some(fit.df_residual as u64));
        case.check_all(&["coef"], &fit.coefficients);
        case.check(&["sigma"], Some(fit.sigma));
        case.check(&["r_squared"], fit.r_squared);
        case.check(&["loglik"], fit.loglik);
        case.check(&["aic"], fit.aic);
        case.check(&["bic"], fit.bic);
        let p = d.width;
        let mut se = |kind| errors(ols.covariance(kind).unwrap(), p);
        let classical = se(Classical);
        case.check_all(&["se_classical"], &classical);
        case.check_all(&["se_hc0"], &se(Hc0));
        case.check_all(&["se_hc1"], &se(Hc1));
        case.check_all(&["se_hc2"], &se(Hc2));
        case.check_all(&["se_hc3"], &se(Hc3));
        for (k, s) in classical.iter().enumerate() {
            let wald = Wald::new(fit.coefficients[k], *s, Some(fit.df_residual as f64), 0.95).unwrap();
            let k = k.to_string();
            case.check(&["p_classical", &k], Some(wald.p));
            case.check_all(&["ci_classical", &k], &[wald.lower, wald.upper]);
        }
        if d.clusters.is_none() {
            continue;
        }
        assert_eq!(case.expected(&["clusters"]).as_u64(), fit.clusters.map(|c| c as u64));
        case.check_all(&["se_cr0"], &se(Cr0));
        case.check_all(&["se_cr1"], &se(Cr1));
        case.check_all(&["se_cr1s"], &se(Cr1s));
        case.check_all(&["se_cr3"], &se(Cr3));
        let cr2 = se(Cr2);
        case.check_all(&["se_cr2"], &cr2);
        for (k, s) in cr2.iter().enumerate() {
            let df = ols.satterthwaite_of(k).unwrap();
            let wald = Wald::new(fit.coefficients[k], *s, Some(df), 0.95).unwrap();
            case.check(&["cr2_df", &k.to_string()], Some(df));
            case.check(&["cr2_p", &k.to_string()], Some(wald.p));
        }
    }
}

#[test]
fn three_points_by_hand() {
    // y = 1 + 2 x + (0.1, -0.2, 0.1): residuals as given, sum of squares 0.06, one degree of freedom, mean 3,
    // total sum of squares 1.9^2 + 0.2^2 + 2.1^2 = 8.06.
    let mut ols = LeastSquares::default();
    let fit = ols.fit(&Rows::new(&[1.0, 0.0, 1.0, 1.0, 1.0, 2.0], 2, &[1.1, 2.8, 5.1])).unwrap();
    close(fit.residual_sum, 0.06, 1e-13);
    close(fit.sigma, libm::sqrt(0.06), 1e-13);
    close(fit.r_squared.unwrap(), 1.0 - 0.06 / 8.06, 1e-14);
    close(fit.adjusted_r_squared.unwrap(), 1.0 - 2.0 * 0.06 / 8.06, 1e-14);
    assert_eq!(fit.f.map(|f| f.1), Some(1));
    close(fit.f.unwrap().0, 8.0 / 0.06, 1e-12);
    // (X'X)^-1 = [[5/6, -1/2], [-1/2, 1/2]].
    let v = ols.covariance(Classical).unwrap();
    close(v[0], 0.05, 1e-14);
    close(v[1], -0.03, 1e-14);
    // Slope: weights (-1/2, 0, 1/2); HC0 0.25 * (0.01 + 0.01).
    close(ols.covariance(Hc0).unwrap()[3], 0.005, 1e-15);
    // Leverages 5/6, 1/3, 5/6.
    close(ols.covariance(Hc2).unwrap()[3], 0.03, 1e-14);
    close(ols.covariance(Hc3).unwrap()[3], 0.18, 1e-13);
    close(ols.residual(1).unwrap(), -0.2, 1e-14);
    assert_eq!(ols.residual(3), None);
}

#[test]
fn without_an_intercept_shares_are_about_zero() {
    let mut ols = LeastSquares::default();
    let fit = ols.fit(&Rows::new(&[1.0, 2.0], 1, &[1.0, 3.0])).unwrap();
    // b = 7 / 5; residuals -0.4, 0.2; total 10.
    assert!(!fit.has_intercept);
    close(fit.r_squared.unwrap(), 1.0 - 0.2 / 10.0, 1e-14);
}

#[test]
fn single_rows_as_clusters_are_rows() {
    let x: Vec<f64> = numbers(30, 3).iter().flat_map(|v| [1.0, *v]).collect();
    let y = numbers(30, 5);
    let clusters: Vec<usize> = (0..30).rev().collect();
    let mut ols = LeastSquares::default();
    ols.fit(&Rows { clusters: Some(&clusters), ..Rows::new(&x, 2, &y) }).unwrap();
    for (a, b) in [(Cr0, Hc0), (Cr2, Hc2), (Cr3, Hc3)] {
        let first = ols.covariance(a).unwrap().to_vec();
        first.iter().zip(ols.covariance(b).unwrap()).for_each(|(u, v)| close(u / v, 1.0, 1e-12));
    }
}

#[test]
fn two_groups_of_single_rows_have_the_degrees_of_freedom_of_welch_under_equal_variances() {
    // Difference of means of 3 and 4 rows as clusters: HC2 is s1^2/3 + s2^2/4, whose Satterthwaite df under equal
    // variances are (1/3 + 1/4)^2 / (1/9/2 + 1/16/3) = (49/144) / (11/144) = 49/11.
    let x = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let y = [1.0, 4.0, 2.0, 6.0, 5.0, 9.0, 3.0];
    let clusters: Vec<usize> = (0..7).collect();
    let mut ols = LeastSquares::default();
    ols.fit(&Rows { clusters: Some(&clusters), ..Rows::new(&x, 2, &y) }).unwrap();
    close(ols.satterthwaite_of(1).unwrap(), 49.0 / 11.0, 1e-11);
    close(ols.satterthwaite(&[0.0, -3.0]).unwrap(), 49.0 / 11.0, 1e-11);
    // s1^2 = 7/3, s2^2 = (1/4)(...): mean 23/4, squares 36 + 25 + 81 + 9 - 529/4 = 75/4, / 3 = 25/4.
    close(ols.covariance(Cr2).unwrap()[3], 7.0 / 9.0 + 25.0 / 16.0, 1e-13);
}

#[test]
fn order_labels_and_scales_do_not_matter() {
    let n = 60;
    let (a, b) = (numbers(n, 11), numbers(n, 12));
    let y = numbers(n, 13);
    let clusters: Vec<usize> = (0..n).map(|i| i % 13).collect();
    let x: Vec<f64> = (0..n).flat_map(|i| [1.0, a[i], b[i]]).collect();
    let mut ols = LeastSquares::default();
    ols.fit(&Rows { clusters: Some(&clusters), ..Rows::new(&x, 3, &y) }).unwrap();
    let results = |ols: &mut LeastSquares| {
        let mut all = ols.result().coefficients.clone();
        for kind in [Classical, Hc1, Hc2, Hc3, Cr0, Cr1, Cr1s, Cr2, Cr3] {
            all.extend(errors(ols.covariance(kind).unwrap(), 3));
        }
        all.extend((0..3).map(|k| ols.satterthwaite_of(k).unwrap()));
        all
    };
    let before = results(&mut ols);
    let other: Vec<usize> = clusters.iter().rev().map(|c| 1000 - 7 * c).collect();
    let x2: Vec<f64> = (0..n).rev().flat_map(|i| [1.0, a[i], b[i]]).collect();
    let y2: Vec<f64> = y.iter().rev().copied().collect();
    ols.fit(&Rows { clusters: Some(&other), ..Rows::new(&x2, 3, &y2) }).unwrap();
    results(&mut ols).iter().zip(&before).for_each(|(u, v)| close(*u, *v, 1e-11));
    // A year in place of a share: 2000 + 10 b changes slope and error by a tenth, nothing else.
    let x3: Vec<f64> = (0..n).flat_map(|i| [1.0, a[i], 2000.0 + 10.0 * b[i]]).collect();
    ols.fit(&Rows { clusters: Some(&clusters), ..Rows::new(&x3, 3, &y) }).unwrap();
    let after = results(&mut ols);
    for k in (1..after.len()).filter(|k| k % 3 != 0) {
        let factor = if k % 3 == 2 && k < 30 { 10.0 } else { 1.0 };
        close(after[k] * factor, before[k], 1e-9);
    }
}

#[test]
fn a_large_cluster_leaves_the_series_for_the_eigenvalues() {
    // Two clusters: each holds about half of every direction, so the roots come from eigenvalues. By hand from the
    // definition with matrices of the size of the cluster in `weighted_clusters`.
    let n = 12;
    let a = numbers(n, 21);
    let y = numbers(n, 22);
    let x: Vec<f64> = a.iter().flat_map(|v| [1.0, *v]).collect();
    let clusters: Vec<usize> = (0..n).map(|i| usize::from(i >= 7)).collect();
    let ones = vec![1.0; n];
    let mut ols = LeastSquares::default();
    ols.fit(&Rows { clusters: Some(&clusters), ..Rows::new(&x, 2, &y) }).unwrap();
    let (plain, df) = (ols.covariance(Cr2).unwrap().to_vec(), ols.satterthwaite_of(1).unwrap());
    ols.fit(&Rows { clusters: Some(&clusters), weights: Some(&ones), ..Rows::new(&x, 2, &y) }).unwrap();
    ols.covariance(Cr2).unwrap().iter().zip(&plain).for_each(|(u, v)| close(*u, *v, 1e-11));
    close(ols.satterthwaite_of(1).unwrap(), df, 1e-9);
}

#[test]
fn a_cluster_that_determines_its_own_fit() {
    // The third column is 1 in cluster 5 only: CR2 takes the generalised inverse, CR3 has none.
    let x = [
        1.0, 0.1, 0.0, 1.0, 0.7, 0.0, 1.0, 0.4, 0.0, 1.0, 0.9, 0.0, 1.0, 0.3, 0.0, 1.0, 0.2, 0.0, 1.0, 0.8, 1.0, 1.0,
        0.5, 1.0,
    ];
    let y = [1.0, 2.0, 0.5, 3.0, 1.5, 1.0, 4.0, 2.0];
    let clusters = [1, 1, 2, 2, 3, 3, 5, 5];
    let mut ols = LeastSquares::default();
    ols.fit(&Rows { clusters: Some(&clusters), ..Rows::new(&x, 3, &y) }).unwrap();
    assert_eq!(ols.covariance(Cr3), Err(Failure::Leverage { row: 6 }));
    assert!(ols.covariance(Cr2).unwrap().iter().all(|v| v.is_finite()));
    assert!(ols.satterthwaite_of(1).unwrap() > 0.5);
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let mut ols = LeastSquares::default();
    let x = [1.0, 0.0, 1.0, 1.0, 1.0, 2.0];
    assert_eq!(ols.fit(&Rows::new(&[], 2, &[])), Err(Failure::NoRows));
    assert_eq!(ols.fit(&Rows::new(&x, 0, &[])), Err(Failure::Shape));
    assert_eq!(ols.fit(&Rows::new(&x, 2, &[1.0])), Err(Failure::Shape));
    assert_eq!(ols.covariance(Cr2), Err(Failure::NoRows));
    let few = Failure::TooFewRows { rows: 2, coefficients: 2 };
    assert_eq!(ols.fit(&Rows::new(&x[..4], 2, &[1.0, 2.0])), Err(few));
    assert_eq!(ols.fit(&Rows::new(&x, 2, &[1.0, f64::NAN, 2.0])), Err(Failure::NotFinite));
    let flat = [1.0, 3.0, 1.0, 3.0, 1.0, 3.0];
    assert_eq!(ols.fit(&Rows::new(&flat, 2, &[1.0, 2.0, 4.0])), Err(Failure::Collinear { column: 1 }));
    let alone = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0];
    ols.fit(&Rows::new(&alone, 2, &[1.0, 2.0, 4.0])).unwrap();
    assert_eq!(ols.covariance(Hc2), Err(Failure::Leverage { row: 2 }));
    assert_eq!(ols.covariance(Hc3), Err(Failure::Leverage { row: 2 }));
    assert!(ols.covariance(Hc1).is_ok());
    assert_eq!(ols.covariance(Cr1), Err(Failure::TooFewClusters { clusters: 0 }));
    ols.fit(&Rows { clusters: Some(&[4, 4, 4]), ..Rows::new(&alone, 2, &[1.0, 2.0, 4.0]) }).unwrap();
    assert_eq!(ols.covariance(Cr0), Err(Failure::TooFewClusters { clusters: 1 }));
    assert_eq!(ols.satterthwaite_of(0), Err(Failure::TooFewClusters { clusters: 1 }));
}

#[test]
fn a_perfect_fit_has_no_likelihood() {
    let mut ols = LeastSquares::default();
    let fit = ols.fit(&Rows::new(&[1.0, 0.0, 1.0, 1.0, 1.0, 2.0], 2, &[0.3, 0.3, 0.3])).unwrap();
    assert_eq!((fit.sigma, fit.loglik, fit.r_squared, fit.f), (0.0, None, None, None));
    assert_eq!(Wald::new(0.3, 0.0, Some(1.0), 0.95), None);
}
