//! What is written of records that are not persons: the key tells who was behind each at each wave, the order nothing.

use crate::common::*;
use eclosion::release::{Folder, Format, Growing, Stamp, Survey, record_codes, write_audit, write_key, write_observed};
use eclosion::streams::{Space, Streams};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn the_key_leads_from_records_to_persons() {
    let prepared = study(
        "time = { step = '1 year', waves = { every = '1 year', count = 3 } }\n[[group]]\nname = 'a'\nsize = 40\n\
         [attributes]\nscore = 'normal(mean = 0, sd = 1)'\n[state.y]\nstarts = 'normal(mean = 0, sd = 1)'\n\
         each_step = 'normal(mean = lag(y), sd = 1)'\nper = '1 year'\n\
         [survey.items]\ny = { error = 'normal(mean = 0, sd = 1)' }\n\
         [[survey.loss]]\nkind = 'intermittent'\nprobability = 0.2\n\
         [survey.linkage]\nkind = 'numbers'\nlost = 0.2\nduplicates = 0.1\nfalse_match = 0.1\n",
    );
    let seen = see(&prepared, 3..4);
    let folder = tempfile::tempdir().unwrap();
    let stamp = Stamp { scenario_hash: String::new(), seed: 1, version: "0".to_owned() };
    let mut out = Folder::open(folder.path(), Format::Csv, false, stamp).unwrap();
    let codes = record_codes(&Streams::new(1, Space::Study), 3, seen.rows());
    let survey = Survey { batch: &seen.observed, codes: &codes, first_person: 0, links: &seen.audit.links };
    let (mut observed, mut key, mut audit) = (Growing::new("observed"), Growing::new("key"), Growing::new("audit"));
    write_observed(&mut out, &mut observed, &survey).unwrap();
    write_key(&mut out, &mut key, &survey).unwrap();
    write_audit(&mut out, &mut audit, &survey, &seen.truth, &seen.audit.cells).unwrap();
    for table in [observed, key, audit] {
        table.close(&mut out).unwrap();
    }
    out.commit().unwrap();
    let read = |name: &str| -> Vec<Vec<String>> {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        text.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect()
    };
    let key = read("key.csv");
    assert_eq!(key[0], ["replicate", "record", "wave", "person"]);
    let person: BTreeMap<(&str, &str), usize> =
        key[1..].iter().map(|r| ((r[1].as_str(), r[2].as_str()), r[3].parse().unwrap())).collect();
    let observed = read("observed.csv");
    assert_eq!(observed[0], ["replicate", "record", "group", "wave", "years", "attended", "y", "score"]);
    assert_eq!(observed.len() - 1, 3 * seen.rows());
    let reported: BTreeMap<(usize, &str), &str> = (observed[1..].iter())
        .filter_map(|r| Some(((*person.get(&(r[1].as_str(), r[3].as_str()))?, r[3].as_str()), r[6].as_str())))
        .collect();
    // Whoever attended is in the key, and nobody else.
    assert_eq!(observed[1..].iter().filter(|r| r[5] == "1").count(), person.len());
    assert!(observed[1..].iter().all(|r| (r[5] == "1") == person.contains_key(&(r[1].as_str(), r[3].as_str()))));
    let audit = read("audit.csv");
    assert!(audit.len() > 100);
    for row in &audit[1..] {
        let at = (row[1].parse::<usize>().unwrap(), row[2].as_str());
        assert_eq!(reported.get(&at).copied().unwrap_or(""), row[5], "{row:?}");
        assert_eq!(row[6] == "missed_wave", !reported.contains_key(&at));
    }
    // Records are sorted by their codes, so their order tells nothing of the persons'.
    let first: Vec<usize> = key[1..].iter().filter(|r| r[2] == "1").map(|r| r[3].parse().unwrap()).collect();
    let rising = first.windows(2).filter(|w| w[0] < w[1]).count();
    assert!((10..30).contains(&rising), "{rising}");
}
