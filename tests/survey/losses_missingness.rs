//! MCAR, MAR or MNAR where persons come late, come back, or are gone for other reasons.

use crate::common::*;
use eclosion::observe::Missingness::{self, Mar, Mcar, Mnar};

const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 4 } }\n\
                      group = [{ name = 'one', size = 5 }, { name = 'two', size = 5 }]\n\
                      site = [{ count = 2, effect = 'normal(mean = 0, sd = 1)' }]\n\
                      attributes = { age = 'uniform(low = 10, high = 20)', born = 0.5 }\n\
                      state = { work = { starts = 0.5, on = { rate = 1 } } }\n";

fn table(kind: &str, keys: &str) -> String {
    format!("[[survey.loss]]\nkind = '{kind}'\n{keys}\n")
}

/// What is reported of a mechanism: what it reads and its class.
fn report(text: &str, name: &str) -> (String, Missingness) {
    let prepared = study(&format!("{PEOPLE}{text}"));
    let found = prepared.survey.mechanisms().iter().find(|m| m.name == name).unwrap_or_else(|| panic!("no {name}"));
    (found.reads.join(", "), found.missingness.unwrap())
}

/// The class of a dropout by the state at the wave before, beside another loss.
fn dropout_beside(before: &str, after: &str) -> Missingness {
    report(&format!("{before}{}{after}", table("dropout", "probability = '0.1*lag(work)'")), "dropout").1
}

#[test]
fn who_comes_late_or_back_makes_the_wave_before_unknown() {
    assert_eq!(dropout_beside("", ""), Mar);
    let chance = "probability = 0.1";
    for kind in ["refusal", "death", "emigration", "right_censoring"] {
        assert_eq!(dropout_beside("", &table(kind, chance)), Mar, "{kind}");
    }
    assert_eq!(dropout_beside("", &table("consent", "adult = 0.1\nminor = 0.1\ndata = 'keep'")), Mar);
    assert_eq!(dropout_beside(&table("delayed_entry", chance), ""), Mnar);
    assert_eq!(dropout_beside(&table("refreshment", "group = 'two'\nwave = 2"), ""), Mnar);
    assert_eq!(dropout_beside("", &table("intermittent", "probability = 0.1\nreturns = 0.5")), Mnar);
    assert_eq!(dropout_beside("", &table("tracing", chance)), Mar);
    assert_eq!(dropout_beside("", &table("tracing", "probability = 0.1\nlater = 0.1")), Mnar);
    assert_eq!(dropout_beside("", &table("site_loss", chance)), Mar);
    assert_eq!(dropout_beside("", &table("site_loss", "probability = 0.1\nreturns = 0.1")), Mnar);
}

/// Who is away may die by what nobody recorded, though those who are present leave by what was.
#[test]
fn death_works_on_those_who_are_away() {
    let death = table("death", "probability = '0.1*lag(work)'");
    assert_eq!(report(&death, "death"), ("true work at the wave before".to_owned(), Mar));
    let lost = table("site_loss", "probability = 0.1");
    assert_eq!(report(&format!("{death}{lost}"), "death").1, Mnar);
    assert_eq!(dropout_beside("", &lost), Mar);
}

/// An attribute that is asked about is known to those only who were there to tell it.
#[test]
fn attributes_told_at_the_first_wave() {
    let items = "[survey.items]\nborn = {}\nwork = {}\n";
    let class =
        |before: &str| report(&format!("{items}{before}{}", table("dropout", "probability = '0.1*born'")), "dropout").1;
    assert_eq!(class(""), Mar);
    assert_eq!(class(&table("refusal", "probability = 0.1")), Mnar);
    assert_eq!(class(&table("delayed_entry", "probability = 0.1")), Mnar);
    assert_eq!(class(&table("dropout", "probability = 0.1").replace("dropout", "intermittent")), Mar);
    let refusal = table("refusal", "probability = '0.1*born'");
    assert_eq!(report(&format!("{items}{refusal}"), "refusal"), ("born".to_owned(), Mnar));
    assert_eq!(report(&refusal, "refusal"), ("born".to_owned(), Mar));
}

/// What is erased is not known any more.
#[test]
fn erased_data_tell_nothing() {
    let consent = |data: &str, adult: &str| {
        report(&table("consent", &format!("adult = '{adult}'\nminor = 0.1\ndata = '{data}'")), "consent of adults")
    };
    assert_eq!(consent("keep", "0.1*contacts/9"), ("contacts, age".to_owned(), Mar));
    assert_eq!(consent("erase", "0.1*contacts/9"), ("contacts, age".to_owned(), Mnar));
    assert_eq!(consent("keep", "0.1*work").1, Mnar);
    let minors = table("consent", "adult = '0.1*work'\nminor = 0.1\ndata = 'keep'");
    assert_eq!(report(&minors, "consent of minors"), ("age".to_owned(), Mar));
}

#[test]
fn designs_and_sites() {
    let refreshment = |keys: &str| report(&table("refreshment", keys), "refreshment");
    assert_eq!(refreshment("group = 'two'\nwave = 2"), ("group".to_owned(), Mar));
    assert_eq!(refreshment("who = 'born > 0.4'\nwave = 2"), ("born".to_owned(), Mar));
    let censoring = |keys: &str| report(&table("right_censoring", keys), "right_censoring");
    assert_eq!(censoring("after_wave = 2"), (String::new(), Mcar));
    assert_eq!(censoring("after_wave = 2\nwho = \"group == 'one'\""), ("group".to_owned(), Mar));
    let site = |keys: &str| report(&table("site_loss", keys), "site_loss");
    assert_eq!(site("rate = 0.1"), (String::new(), Mcar));
    assert_eq!(site("probability = \"0.1 * (site == 'site 1')\""), ("site".to_owned(), Mar));
    assert_eq!(site("rate = '0.1 * exp(site_effect)'"), ("the site's random effect site_effect".to_owned(), Mnar));
    let returns = table("site_loss", "rate = 0.1\nreturns = '0.1 * expit(site_effect)'");
    assert_eq!(report(&returns, "site_loss, return").1, Mnar);
    let traced = format!(
        "{}{}",
        table("dropout", "rate = 0.1"),
        table("tracing", "probability = '0.1*work'\nlater = '0.1*contacts/9'")
    );
    assert_eq!(report(&traced, "tracing"), ("true work now".to_owned(), Mnar));
    assert_eq!(report(&traced, "tracing, later"), ("contacts".to_owned(), Mar));
}
