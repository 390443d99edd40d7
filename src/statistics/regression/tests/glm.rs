use super::{close, data, errors, numbers};
use crate::statistics::regression::{Failure, Family, Glm, GlmCovariance, LeastSquares, Link, Rows, Wald};
use crate::statistics::tests::Case;

fn model(case: &Case) -> Glm {
    let family = match case.setting("family").as_str() {
        Some("binomial") => Family::Binomial,
        Some("poisson") => Family::Poisson,
        _ => Family::Gaussian,
    };
    let link = match case.setting("link").as_str() {
        Some("logit") => Link::Logit,
        Some("probit") => Link::Probit,
        Some("cloglog") => Link::Cloglog,
        Some("log") => Link::Log,
        _ => Link::Identity,
    };
    Glm::new(family, link).unwrap()
}

#[test]
fn reference_cases() {
    for name in ["glm_logit_200", "glm_logit_sparse", "glm_cloglog", "glm_poisson_offset", "glm_identity_15"] {
        let case = Case::read(name);
        let d = data(&case, true);
        d.check_terms(&case);
        let mut glm = model(&case);
        let fit = glm.fit(&d.rows()).unwrap().clone();
        assert_eq!(case.expected(&["n"]).as_u64(), Some(fit.n as u64));
        case.check_all(&["coef"], &fit.coefficients);
        let se = errors(glm.covariance(GlmCovariance::Model).unwrap(), d.width);
        case.check_all(&["se"], &se);
        for (k, s) in se.iter().enumerate() {
            let wald = Wald::new(fit.coefficients[k], *s, None, 0.95).unwrap();
            case.check_all(&["ci", &k.to_string()], &[wald.lower, wald.upper]);
            case.check(&["p", &k.to_string()], Some(wald.p));
        }
        case.check(&["loglik"], fit.loglik);
        case.check(&["deviance"], Some(fit.deviance));
        case.check(&["null_deviance"], fit.null_deviance);
        case.check(&["aic"], fit.aic);
        case.check(&["pearson_chisq"], Some(fit.pearson));
        let mut means = Vec::new();
        glm.means(d.y.len(), &mut means);
        case.check_all(&["fitted_first5"], &means[..5]);
        let groups = fit.clusters.unwrap_or(fit.n);
        assert_eq!(case.expected(&["clusters"]).as_u64(), Some(groups as u64));
        case.check_all(&["se_robust"], &errors(glm.covariance(GlmCovariance::Robust).unwrap(), d.width));
        case.check_all(&["se_robust_cr1"], &errors(glm.covariance(GlmCovariance::RobustCr1).unwrap(), d.width));
    }
}

/// Two groups of 8 and 10 with 3 and 6 events.
fn two_groups() -> (Vec<f64>, Vec<f64>) {
    let x = (0..18).flat_map(|i| [1.0, if i < 8 { 0.0 } else { 1.0 }]).collect();
    let y = (0..18).map(|i| if i < 3 || (8..14).contains(&i) { 1.0 } else { 0.0 }).collect();
    (x, y)
}

#[test]
fn every_link_of_two_groups_by_hand() {
    let (x, y) = two_groups();
    // The fitted shares are those seen, 3/8 and 6/10, whatever the link.
    let (a, b) = (0.375, 0.6);
    let log = libm::log;
    let quantile = crate::numeric::normal_quantile;
    let cases = [
        (Link::Logit, log(a / (1.0 - a)), log(b / (1.0 - b))),
        (Link::Probit, quantile(a), quantile(b)),
        (Link::Cloglog, log(-log(1.0 - a)), log(-log(1.0 - b))),
        (Link::Log, log(a), log(b)),
        (Link::Identity, a, b),
    ];
    for (link, first, second) in cases {
        let mut glm = Glm::new(Family::Binomial, link).unwrap();
        let fit = glm.fit(&Rows::new(&x, 2, &y)).unwrap();
        close(fit.coefficients[0], first, 1e-10);
        close(fit.coefficients[1], second - first, 1e-10);
        let want = 3.0 * log(a) + 5.0 * log(1.0 - a) + 6.0 * log(b) + 4.0 * log(1.0 - b);
        close(fit.loglik.unwrap(), want, 1e-12);
        close(fit.bic.unwrap(), -2.0 * want + 2.0 * log(18.0), 1e-12);
        if link == Link::Identity {
            // The variance of a difference of shares.
            let v = glm.covariance(GlmCovariance::Model).unwrap()[3];
            close(v, a * (1.0 - a) / 8.0 + b * (1.0 - b) / 10.0, 1e-10);
        }
        if link == Link::Log {
            // Of the logarithm of a ratio of risks.
            let v = glm.covariance(GlmCovariance::Model).unwrap()[3];
            close(v, (1.0 - a) / (8.0 * a) + (1.0 - b) / (10.0 * b), 1e-10);
        }
    }
}

#[test]
fn a_weight_of_two_is_two_rows() {
    let (x, y) = two_groups();
    let w: Vec<f64> = (0..18).map(|i| f64::from(1 + i % 3)).collect();
    let clusters: Vec<usize> = (0..18).map(|i| i / 2).collect();
    let copies: Vec<usize> = (0..18).flat_map(|i| vec![i; 1 + i % 3]).collect();
    let x2: Vec<f64> = copies.iter().flat_map(|i| [x[2 * i], x[2 * i + 1]]).collect();
    let y2: Vec<f64> = copies.iter().map(|i| y[*i]).collect();
    let c2: Vec<usize> = copies.iter().map(|i| clusters[*i]).collect();
    for (family, link) in [(Family::Binomial, Link::Probit), (Family::Poisson, Link::Log)] {
        let (mut one, mut two) = (Glm::new(family, link).unwrap(), Glm::new(family, link).unwrap());
        one.fit(&Rows { weights: Some(&w), clusters: Some(&clusters), ..Rows::new(&x, 2, &y) }).unwrap();
        two.fit(&Rows { clusters: Some(&c2), ..Rows::new(&x2, 2, &y2) }).unwrap();
        close(one.result().loglik.unwrap(), two.result().loglik.unwrap(), 1e-12);
        close(one.result().null_deviance.unwrap(), two.result().null_deviance.unwrap(), 1e-12);
        for kind in [GlmCovariance::Model, GlmCovariance::Robust, GlmCovariance::RobustCr1] {
            let first = one.covariance(kind).unwrap().to_vec();
            first.iter().zip(two.covariance(kind).unwrap()).for_each(|(u, v)| close(*u, *v, 1e-10));
        }
    }
}

#[test]
fn gaussian_is_least_squares() {
    let (a, y, w) = (numbers(40, 1), numbers(40, 2), numbers(40, 3));
    let x: Vec<f64> = a.iter().flat_map(|v| [1.0, *v]).collect();
    let rows = Rows { weights: Some(&w), ..Rows::new(&x, 2, &y) };
    let mut glm = Glm::new(Family::Gaussian, Link::Identity).unwrap();
    let mut ols = LeastSquares::default();
    glm.fit(&rows).unwrap();
    ols.fit(&rows).unwrap();
    close(glm.result().loglik.unwrap(), ols.result().loglik.unwrap(), 1e-12);
    close(glm.result().aic.unwrap(), ols.result().aic.unwrap(), 1e-12);
    for (kind, other) in [
        (GlmCovariance::Model, crate::statistics::regression::Covariance::Classical),
        (GlmCovariance::Robust, crate::statistics::regression::Covariance::Hc0),
    ] {
        let first = glm.covariance(kind).unwrap().to_vec();
        first.iter().zip(ols.covariance(other).unwrap()).for_each(|(u, v)| close(*u, *v, 1e-12));
    }
}

#[test]
fn complement_of_a_logit_and_a_probit_changes_the_signs() {
    let (a, u) = (numbers(50, 7), numbers(50, 8));
    let x: Vec<f64> = a.iter().flat_map(|v| [1.0, *v]).collect();
    let y: Vec<f64> = u.iter().map(|v| if *v < 0.4 { 1.0 } else { 0.0 }).collect();
    let z: Vec<f64> = y.iter().map(|v| 1.0 - v).collect();
    for link in [Link::Logit, Link::Probit] {
        let mut glm = Glm::new(Family::Binomial, link).unwrap();
        let first = glm.fit(&Rows::new(&x, 2, &y)).unwrap().clone();
        let second = glm.fit(&Rows::new(&x, 2, &z)).unwrap();
        first.coefficients.iter().zip(&second.coefficients).for_each(|(u, v)| close(*u, -v, 1e-10));
        close(first.deviance, second.deviance, 1e-12);
    }
}

#[test]
fn a_column_of_years_loses_no_digits() {
    let (a, u) = (numbers(80, 17), numbers(80, 18));
    let y: Vec<f64> = u.iter().zip(&a).map(|(u, v)| if *u < 0.2 + 0.5 * v { 1.0 } else { 0.0 }).collect();
    let year: Vec<f64> = a.iter().map(|v| (5.0 * v).floor()).collect();
    let near: Vec<f64> = year.iter().flat_map(|v| [1.0, *v]).collect();
    let far: Vec<f64> = year.iter().flat_map(|v| [1.0, 2_000_000.0 + v]).collect();
    let mut glm = Glm::new(Family::Binomial, Link::Logit).unwrap();
    let first = glm.fit(&Rows::new(&near, 2, &y)).unwrap().clone();
    let se = errors(glm.covariance(GlmCovariance::Model).unwrap(), 2)[1];
    let second = glm.fit(&Rows::new(&far, 2, &y)).unwrap().clone();
    close(first.coefficients[1], second.coefficients[1], 1e-8);
    close(se, errors(glm.covariance(GlmCovariance::Model).unwrap(), 2)[1], 1e-8);
}

#[test]
fn separation_is_named_for_every_link_that_has_it() {
    let x = [1.0, 1.0, 1.0, 2.0, 1.0, 3.0, 1.0, 4.0];
    for link in [Link::Logit, Link::Probit, Link::Cloglog] {
        let mut glm = Glm::new(Family::Binomial, link).unwrap();
        assert_eq!(glm.fit(&Rows::new(&x, 2, &[0.0, 0.0, 1.0, 1.0])), Err(Failure::CompleteSeparation));
        assert_eq!(glm.covariance(GlmCovariance::Model), Err(Failure::NoRows));
        let groups = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        assert_eq!(glm.fit(&Rows::new(&groups, 2, &[0.0, 1.0, 1.0, 1.0])), Err(Failure::QuasiSeparation));
        assert_eq!(glm.fit(&Rows::new(&groups, 2, &[1.0; 4])), Err(Failure::OneOutcome));
    }
    // No counts in a group: its rate has no logarithm.
    let groups = [1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0];
    let mut poisson = Glm::new(Family::Poisson, Link::Log).unwrap();
    assert_eq!(poisson.fit(&Rows::new(&groups, 2, &[2.0, 1.0, 0.0, 0.0])), Err(Failure::QuasiSeparation));
    assert_eq!(poisson.fit(&Rows::new(&groups, 2, &[0.0; 4])), Err(Failure::OneOutcome));
    assert!(poisson.fit(&Rows::new(&groups, 2, &[2.0, 1.0, 0.0, 1.0])).is_ok());
}

#[test]
fn a_mean_at_the_edge_of_its_range_is_named() {
    let (groups, _) = two_groups();
    // All of the second group have the event: its share is 1, its logarithm 0.
    let y: Vec<f64> = (0..18).map(|i| if (3..8).contains(&i) { 0.0 } else { 1.0 }).collect();
    for link in [Link::Log, Link::Identity] {
        let mut glm = Glm::new(Family::Binomial, link).unwrap();
        assert_eq!(glm.fit(&Rows::new(&groups, 2, &y)), Err(Failure::Boundary), "{link:?}");
    }
    // A straight line through 0, 0, 1, 1 of 1 to 4 leaves the range.
    let x = [1.0, 1.0, 1.0, 2.0, 1.0, 3.0, 1.0, 4.0];
    let mut glm = Glm::new(Family::Binomial, Link::Identity).unwrap();
    assert_eq!(glm.fit(&Rows::new(&x, 2, &[0.0, 0.0, 1.0, 1.0])), Err(Failure::Boundary));
    let mut glm = Glm::new(Family::Poisson, Link::Identity).unwrap();
    assert_eq!(glm.fit(&Rows::new(&x, 2, &[0.0, 0.0, 0.0, 9.0])), Err(Failure::Boundary));
    assert!(glm.fit(&Rows::new(&x, 2, &[1.0, 2.0, 4.0, 5.0])).is_ok());
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let mut glm = Glm::new(Family::Binomial, Link::Logit).unwrap();
    let x = [1.0, 1.0, 1.0, 2.0, 1.0, 3.0];
    assert_eq!(glm.fit(&Rows::new(&[], 1, &[])), Err(Failure::NoRows));
    assert_eq!(glm.fit(&Rows::new(&x, 2, &[0.0, 2.0, 1.0])), Err(Failure::Outcome { row: 1 }));
    assert_eq!(glm.fit(&Rows::new(&x, 2, &[0.0, f64::NAN, 1.0])), Err(Failure::NotFinite));
    assert_eq!(glm.fit(&Rows::new(&x, 6, &[1.0])), Err(Failure::TooFewRows { rows: 1, coefficients: 6 }));
    let flat = [1.0, 3.0, 1.0, 3.0, 1.0, 3.0];
    assert_eq!(glm.fit(&Rows::new(&flat, 2, &[0.0, 1.0, 1.0])), Err(Failure::Collinear { column: 1 }));
    let rows = Rows { weights: Some(&[1.0, -1.0, 1.0]), ..Rows::new(&x, 2, &[0.0, 1.0, 0.0]) };
    assert_eq!(glm.fit(&rows), Err(Failure::NotFinite));
    let rows = Rows { clusters: Some(&[1, 1, 1]), ..Rows::new(&x, 2, &[0.0, 1.0, 0.0]) };
    assert!(glm.fit(&rows).is_ok());
    assert_eq!(glm.covariance(GlmCovariance::Robust), Err(Failure::TooFewClusters { clusters: 1 }));
    assert!(Glm::new(Family::Gaussian, Link::Log).is_none());
}
