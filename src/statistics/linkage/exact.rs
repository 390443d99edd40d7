//! Links of records whose keys are equal.

use super::Pair;
use super::blocking::{positions, same_key};

/// All pairs of records with the same key, in order. A record without a key (a part of it is missing) has no link; a key
/// that several records have links each of them with each.
#[must_use]
pub fn all_pairs<K: Ord>(a: &[Option<K>], b: &[Option<K>]) -> Vec<Pair> {
    same_key(a, b)
}

/// Pairs whose key one record of each file has, and no other record of either, in order.
#[must_use]
pub fn unique_key_only<K: Ord>(a: &[Option<K>], b: &[Option<K>]) -> Vec<Pair> {
    let b = positions(b);
    let mut pairs: Vec<Pair> = positions(a)
        .into_iter()
        .filter_map(|(key, i)| match (i.as_slice(), b.get(key).map(Vec::as_slice)) {
            ([i], Some([j])) => Some((*i, *j)),
            _ => None,
        })
        .collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::linkage::normalise::normalise;
    use crate::statistics::linkage::quality::Quality;
    use crate::statistics::tests::{Case, folder};

    /// Columns of a file as texts.
    fn texts(file: &str, columns: &[&str]) -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(folder().join(file)).expect("the file can be read");
        let header = reader.headers().expect("a header").clone();
        let at: Vec<usize> =
            columns.iter().map(|c| header.iter().position(|h| h == *c).expect("the column is there")).collect();
        reader.records().map(|r| at.iter().map(|k| r.as_ref().expect("a row")[*k].to_owned()).collect()).collect()
    }

    fn keys(rows: &[Vec<String>]) -> Vec<Option<Vec<String>>> {
        let key = |row: &Vec<String>| -> Option<Vec<String>> {
            row.iter().map(|t| Some(normalise(t)).filter(|t| !t.is_empty())).collect()
        };
        rows.iter().map(key).collect()
    }

    fn who(file: &str) -> Vec<Option<String>> {
        texts(file, &["person"]).into_iter().map(|mut row| row.pop()).collect()
    }

    #[test]
    fn the_reference_files() {
        let case = Case::read("exact_linkage");
        let (a, b) = (case.json["data"].as_str().expect("a file"), case.setting("file_b").as_str().expect("a file"));
        let columns = ["first", "last", "yob"];
        let (key_a, key_b) = (keys(&texts(a, &columns)), keys(&texts(b, &columns)));
        let (who_a, who_b) = (who(a), who(b));
        let all = all_pairs(&key_a, &key_b);
        for (under, links) in [("all_pairs", &all), ("unique_key_only", &unique_key_only(&key_a, &key_b))] {
            let quality = Quality::of_links(links, &who_a, &who_b);
            let check = |key: &str, value: Option<f64>| case.check(&[under, key], value);
            check("links", Some(quality.links() as f64));
            check("true_positive", Some(quality.true_positive as f64));
            check("false_positive", Some(quality.false_positive as f64));
            check("false_negative", Some(quality.false_negative as f64));
            check("precision", quality.precision());
            check("recall", quality.recall());
            case.check(&["true_pairs"], Some((quality.true_positive + quality.false_negative) as f64));
        }
        let (rec_a, rec_b) = (texts(a, &["rec"]), texts(b, &["rec"]));
        let listed: Vec<(String, String)> =
            all.iter().map(|(i, j)| (rec_a[*i][0].clone(), rec_b[*j][0].clone())).collect();
        let wanted: Vec<(String, String)> = case
            .expected(&["all_pairs", "pairs"])
            .as_array()
            .expect("a list")
            .iter()
            .map(|p| (p[0].to_string(), p[1].to_string()))
            .collect();
        assert_eq!(listed, wanted);
    }

    #[test]
    fn keys_that_occur_once() {
        let a = [Some("X"), Some("Y"), None, Some("Z"), Some("Z")];
        let b = [Some("Y"), Some("Z"), None, Some("X"), Some("X")];
        assert_eq!(all_pairs(&a, &b), [(0, 3), (0, 4), (1, 0), (3, 1), (4, 1)]);
        assert_eq!(unique_key_only(&a, &b), [(1, 0)]);
        assert_eq!(unique_key_only::<u8>(&[], &[]), []);
        assert_eq!(all_pairs(&[None::<u8>], &[None]), []);
    }

    #[test]
    fn the_order_of_the_files_does_not_matter() {
        let a = [Some(3), Some(1), None, Some(2), Some(3)];
        let b = [Some(2), Some(3), Some(1)];
        for links in [all_pairs, unique_key_only] {
            let mut turned: Vec<Pair> = links(&b, &a).into_iter().map(|(j, i)| (i, j)).collect();
            turned.sort_unstable();
            assert_eq!(links(&a, &b), turned);
        }
    }
}
