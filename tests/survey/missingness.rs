//! MCAR, MAR or MNAR, and what a mechanism reads, in words.

use crate::common::*;
use eclosion::observe::Missingness::{self, Mar, Mcar, Mnar};
use eclosion::scenario::Prepared;

const PEOPLE: &str = "time = { step = '1 month', waves = { every = '1 year', count = 3 }VISITS }\n\
                      group = [{ name = 'one', size = 5 }, { name = 'two', size = 5 }]\n\
                      site = [{ count = 2, effect = 'normal(mean = 0, sd = 1)' }]\n\
                      attributes = { age = 'uniform(low = 10, high = 20)', born = 0.5, hidden = { law = 'normal(mean = 0, sd = 1)', latent = true } }\n\
                      state = { well = { starts = 0.5, on = { rate = 1 } }, work = { starts = 0.5, on = { rate = 1 } } }\n";
const ITEMS: &str = "[survey.items]\nwell = { sensitivity = 0.8 }\nwork = {}\n";

fn reports(prepared: &Prepared) -> Vec<(String, Vec<String>, Option<Missingness>)> {
    prepared.survey.mechanisms().iter().map(|m| (m.name.clone(), m.reads.clone(), m.missingness)).collect()
}

/// A loss by this formula, with more of a survey behind it.
fn loss_with(kind: &str, formula: &str, before: &str, more: &str) -> (Vec<String>, Missingness) {
    let text = format!(
        "{}{before}[[survey.loss]]\nkind = '{kind}'\nprobability = \"{formula}\"\n{more}",
        PEOPLE.replace("VISITS", "")
    );
    let all = reports(&study(&text));
    let (_, reads, class) = all.into_iter().find(|(name, ..)| name.starts_with(kind)).unwrap();
    (reads, class.unwrap())
}

#[track_caller]
fn assert_dropout(formula: &str, class: Missingness, reads: &[&str]) {
    let effects = "effects = { asker = { of = 'interviewer', count = 2, law = 'normal(mean = 0, sd = 1)' }, frailty = { of = 'person', law = 'normal(mean = 0, sd = 1)' } }\n";
    let found = loss_with("dropout", formula, &format!("{effects}{ITEMS}"), "");
    assert_eq!(
        (found.0.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), found.1),
        (reads, class),
        "{formula}"
    );
}

#[test]
fn completely_at_random() {
    assert_dropout("0.1", Mcar, &[]);
    assert_dropout("0.1*wave", Mcar, &["wave"]);
    assert_dropout("0.1*time", Mcar, &["time"]);
}

#[test]
fn at_random_given_what_is_recorded() {
    assert_dropout("0.1*reported(well)", Mar, &["reported well"]);
    assert_dropout("0.1*recorded(well, wave = 1)", Mar, &["recorded well at wave 1"]);
    assert_dropout("0.1*contacts", Mar, &["contacts"]);
    assert_dropout("if(group == 'one', 0.1, 0.2)", Mar, &["group"]);
    assert_dropout("if(site == 'site 1', 0.1, 0.2)", Mar, &["site"]);
    assert_dropout("0.1*born", Mar, &["born"]);
    assert_dropout("0.01*age", Mar, &["age"]);
    // Recorded at the wave before, without error and without gaps.
    assert_dropout("0.1*lag(work)", Mar, &["true work at the wave before"]);
    assert_dropout("0.1*wave*lag(work) + 0*contacts", Mar, &["wave", "true work at the wave before", "contacts"]);
}

#[test]
fn not_at_random() {
    assert_dropout("0.1*well", Mnar, &["true well now"]);
    assert_dropout("0.1*work", Mnar, &["true work now"]);
    assert_dropout("0.1*lag(well)", Mnar, &["true well at the wave before"]);
    assert_dropout("expit(hidden)", Mnar, &["hidden"]);
    assert_dropout("expit(frailty)", Mnar, &["frailty"]);
    assert_dropout("0.1*site_mean(work)", Mnar, &["true mean of work in the site"]);
    assert_dropout("expit(site_effect)", Mnar, &["the site's random effect site_effect"]);
    assert_dropout("0.1*exp(-since(work))", Mnar, &["time since true work"]);
    assert_dropout("0.1*reported(well) + 0.1*well", Mnar, &["true well now", "reported well"]);
}

/// What was told at the wave before is not known where a wave may be missed, or an answer.
#[test]
fn gaps_make_the_wave_before_unknown() {
    let lag = |before: &str, more: &str| loss_with("dropout", "0.1*lag(work)", before, more).1;
    assert_eq!(lag(ITEMS, ""), Mar);
    assert_eq!(lag(ITEMS, "[[survey.loss]]\nkind = 'dropout'\nprobability = 0.1\n"), Mar);
    assert_eq!(lag(ITEMS, "[[survey.loss]]\nkind = 'intermittent'\nprobability = 0.1\n"), Mnar);
    assert_eq!(lag(ITEMS, "[[survey.loss]]\nkind = 'item_non_response'\nprobability = 0.1\n"), Mnar);
    assert_eq!(lag(ITEMS, "[[survey.loss]]\nkind = 'item_non_response'\nitems = ['well']\nprobability = 0.1\n"), Mar);
    assert_eq!(lag("[survey.items]\nwork = { nonresponse = 0.1 }\n", ""), Mnar);
    assert_eq!(lag("[survey.items]\nwell = {}\n", ""), Mnar);
    assert_eq!(lag("", ""), Mar);
    let visits = PEOPLE.replace("VISITS", ", visits = 'poisson(mean = 2)'");
    let text = format!("{visits}{ITEMS}[[survey.loss]]\nkind = 'dropout'\nprobability = '0.1*lag(work)'\n");
    assert_eq!(reports(&study(&text))[0].2, Some(Mnar));
}

/// An attribute that is asked about is known once it was told; at the first wave nothing was.
#[test]
fn attributes_that_are_items() {
    let by_born =
        |items: &str, more: &str| loss_with("dropout", "0.1*born", &format!("[survey.items]\n{items}\n"), more).1;
    assert_eq!(by_born("born = {}", ""), Mar);
    assert_eq!(by_born("born = { error = 'normal(mean = 0, sd = 1)' }", ""), Mnar);
    assert_eq!(by_born("born = { nonresponse = 0.1 }", ""), Mnar);
    assert_eq!(by_born("born = {}", "from_wave = 1\n"), Mnar);
    assert_eq!(by_born("born = {}", "[[survey.loss]]\nkind = 'intermittent'\nprobability = 0.1\n"), Mar);
}

/// A question left open by what another question of the same interview tells is at random.
#[test]
fn item_non_response() {
    let class = |formula: &str, items: &str| loss_with("item_non_response", formula, items, "items = ['well']\n");
    assert_eq!(class("0.1", ITEMS), (vec![], Mcar));
    assert_eq!(class("0.1*work", ITEMS), (vec!["true work now".to_owned()], Mar));
    assert_eq!(class("0.1*well", ITEMS), (vec!["true well now".to_owned()], Mnar));
    assert_eq!(class("0.1*work", "[survey.items]\nwell = {}\nwork = { specificity = 0.9 }\n").1, Mnar);
    let moody = format!(
        "survey.mood = 'normal(mean = 0, sd = 1)'\neffects.asker = {{ of = 'interviewer', count = 2, law = 'normal(mean = 0, sd = 1)' }}\n{ITEMS}"
    );
    assert_eq!(class("expit(mood)", &moody), (vec!["mood of the interview".to_owned()], Mnar));
    assert_eq!(class("expit(asker)", &moody), (vec!["the interviewer's random effect".to_owned()], Mnar));
}

/// A parameter chooses the branch, and the other one is not there.
#[test]
fn a_parameter_decides_between_at_random_and_not() {
    let text = format!(
        "parameters.layer = {{ value = 'true', levels = ['true', 'recorded'], about = 'a', source = 's' }}\n{}\
         vary = [{{ parameter = 'layer', values = ['true', 'recorded'] }}]\n{ITEMS}[[survey.loss]]\nkind = 'dropout'\n\
         probability = \"0.1 * if(layer == 'recorded', reported(well), lag(well))\"\n",
        PEOPLE.replace("VISITS", "")
    );
    let found: Vec<_> = conditions(&text).iter().map(|prepared| reports(prepared)[0].clone()).collect();
    let report = |reads: &str, class| ("dropout".to_owned(), vec![reads.to_owned()], Some(class));
    assert_eq!(found, [report("true well at the wave before", Mnar), report("reported well", Mar)]);
}

/// All mechanisms are reported, those that lose nothing without a class; the true value that an answer starts from is
/// not listed.
#[test]
fn the_list_of_mechanisms() {
    let text = format!(
        "{}survey.mood = 'normal(mean = 0, sd = 1)'\n[survey.items]\n\
         well = {{ sensitivity = 'expit(mood + contacts)', nonresponse = 0.1 }}\n\
         age = {{ error = 'normal(mean = 0, sd = 1 + 0.1*wave)' }}\n\
         [[survey.loss]]\nkind = 'item_non_response'\nitems = ['age']\nprobability = '0.1*reported(well)'\n\
         [[survey.loss]]\nkind = 'intermittent'\nprobability = 0.1\n[[survey.loss]]\nkind = 'dropout'\nrate = 0.1\n",
        PEOPLE.replace("VISITS", "")
    );
    let list = |reads: &[&str]| reads.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        reports(&study(&text)),
        [
            ("intermittent".to_owned(), list(&[]), Some(Mcar)),
            ("dropout".to_owned(), list(&[]), Some(Mcar)),
            ("item_non_response of well".to_owned(), list(&[]), Some(Mcar)),
            ("misclassification of well".to_owned(), list(&["mood of the interview", "contacts"]), None),
            ("item_non_response of age".to_owned(), list(&["reported well"]), Some(Mar)),
            ("measurement_error of age".to_owned(), list(&["wave"]), None),
        ]
    );
    assert_eq!([Mcar, Mar, Mnar].map(Missingness::name), ["MCAR", "MAR", "MNAR"]);
}
