//! Files laid over one another.

use super::*;
use crate::simulate::declaration::Declaration;

fn load(files: &[(&str, &str)]) -> Loaded {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    load_files(&files, &[])
}

fn truth(files: &[(&str, &str)]) -> (Declaration, u64) {
    let loaded = load(files);
    assert_eq!(listed(&loaded.problems, &loaded.sources), Vec::<String>::new());
    let scenario = loaded.scenario.expect("no problems");
    (scenario.truth, scenario.study.seed)
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let loaded = load(files);
    assert!(loaded.scenario.is_none());
    listed(&loaded.problems, &loaded.sources)
}

const BASE: &str = "scenario = 1
[study]
title = 't'
aims = 'a'
seed = 1
replicates = 10
[attributes]
x = 'normal(mean = 0, sd = 1)'
z = 'x'
[[group]]
name = 'a'
size = 1
start = { x = 1 }
[[group]]
name = 'b'
size = 2
[[site]]
count = 3
";

#[test]
fn tables_by_key_named_lists_by_name_other_lists_as_a_whole() {
    let over = "extends = 'base.toml'
[study]
seed = 2
[attributes]
x = 'uniform(low = 0, high = 1)'
y = 5
[[group]]
name = 'b'
size = 20
[[group]]
name = 'c'
size = 30
[[group]]
name = 'a'
start = { z = 2 }
[[site]]
name = 's'
count = 1
";
    let (truth, seed) = truth(&[("over.toml", over), ("base.toml", BASE)]);
    assert_eq!(seed, 2);
    let attributes: Vec<_> = truth
        .attributes
        .iter()
        .map(|a| (a.name.text.as_str(), a.law.as_ref().map(|l| (l.text.as_str(), l.span.file))))
        .collect();
    assert_eq!(
        attributes,
        [("x", Some(("uniform(low = 0, high = 1)", 0))), ("z", Some(("x", 1))), ("y", Some(("5", 0)))]
    );
    let groups: Vec<_> =
        truth.groups.iter().map(|g| (g.name.text.as_str(), g.size.text.as_str(), g.start.len())).collect();
    assert_eq!(groups, [("a", "1", 2), ("b", "20", 0), ("c", "30", 0)]);
    let sites: Vec<_> = truth.sites.iter().map(|s| (s.name.text.as_str(), s.count.text.as_str())).collect();
    assert_eq!(sites, [("s", "1")], "the base's site has no name, so the list is replaced");
}

#[test]
fn names_of_files_are_relative_to_the_file_that_names_them() {
    let top = "extends = 'parts/middle.toml'\n[study]\nseed = 3\n";
    let middle = "extends = 'base.toml'\n[study]\nseed = 2\naims = 'm'\n";
    let (_, seed) = truth(&[("top.toml", top), ("parts/middle.toml", middle), ("parts/base.toml", BASE)]);
    assert_eq!(seed, 3);
}

#[test]
fn a_name_that_stands_twice_in_one_file_is_still_found() {
    let over = "extends = 'base.toml'\n[[group]]\nname = 'c'\nsize = 1\n[[group]]\nname = 'c'\nsize = 1\n";
    assert_eq!(
        problems(&[("over.toml", over), ("base.toml", BASE)]),
        ["S0107 6:9 the name `c` is declared twice [the other one is a group on line 3 of over.toml]"]
    );
}

#[test]
fn missing_circular_and_endless_files() {
    assert_eq!(
        problems(&[("over.toml", "\nextends = 'bsae.toml'\n")]),
        [
            "S0111 2:12 `bsae.toml` cannot be read: no such file [is the path right? It is relative to the file that names it]"
        ]
    );
    assert_eq!(
        problems(&[("a.toml", "extends = 'b.toml'\n"), ("b.toml", "# b\nextends = 'a.toml'\n")]),
        [
            "S0115 b.toml:2:12 `extends` goes in a circle: `a.toml` is already part of it [a file cannot be laid over itself]"
        ]
    );
    let names: Vec<(String, String)> =
        (0..9).map(|i| (format!("{i}.toml"), format!("extends = '{}.toml'\n", i + 1))).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(
        problems(&files),
        ["S0116 7.toml:1:12 more than 8 files extend one another [lay fewer files over one another]"]
    );
    assert_eq!(problems(&[("a.toml", "extends = 3\n")]), ["S0102 1:11 `extends` must be text, and is a number []"]);
    let text = crate::scenario::load_text("typed", "extends = 'b.toml'\n", &[]);
    assert_eq!(
        listed(&text.problems, &text.sources),
        [
            "S0111 1:12 `b.toml` cannot be read: a scenario that is not in a file cannot extend one [is the path right? It is relative to the file that names it]"
        ]
    );
}

#[test]
fn files_on_disk_extend_one_another() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("base.toml"), BASE).expect("written");
    std::fs::write(path("over.toml"), "extends = './base.toml'\n[study]\nseed = 5\n").expect("written");
    let loaded = crate::scenario::load(&path("over.toml"), &[]);
    let scenario = loaded.scenario.expect("no problems");
    assert_eq!(scenario.study.seed, 5);
    assert_eq!(scenario.sources.files.len(), 2);
    std::fs::write(path("base.toml"), "extends = '../../././over.toml'\n".replace("../../", "")).expect("written");
    let loaded = crate::scenario::load(&path("over.toml"), &[]);
    assert_eq!(loaded.problems.list().iter().map(|d| d.code).collect::<Vec<_>>(), ["S0115"]);
    assert_eq!(crate::scenario::load(folder.path(), &[]).problems.list()[0].code, "S0111");
}
