//! A survey in numbers, for a terminal of any width.

use super::number::{count, number, with_error};
use super::terminal::{Style, bold, grid};
use crate::tables::Measured;
use crate::tables::description::{AgreementRow, Description, ItemRow, PresenceRow, SmallRow};
use std::fmt::Write;

/// Sites that are listed; the others are in the JSON.
const SITES: usize = 20;
/// Groups and sites with few left that are listed.
const SMALL: usize = 10;
/// Levels of an item that are listed.
const LEVELS: usize = 12;

/// Where the numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Expected, from a pilot.
    Expected,
    /// Counted in tables.
    Counted,
}

/// The numbers as text. Monte Carlo standard errors are in brackets where they are not negligible.
#[must_use]
pub fn description(whole: &Description, seen: Seen, style: &Style) -> String {
    let mut text = String::new();
    let page = Page { whole, seen, style, width: usize::from(style.width.max(40)) };
    page.presence(&mut text);
    page.small(&mut text);
    page.lost(&mut text);
    page.items(&mut text);
    page.agreement(&mut text);
    page.mechanisms(&mut text);
    page.links(&mut text);
    page.comments(&mut text);
    text
}

/// A share of [`AgreementRow`].
type Get = fn(&AgreementRow) -> Option<Measured>;

struct Page<'a> {
    whole: &'a Description,
    seen: Seen,
    style: &'a Style,
    width: usize,
}

impl Page<'_> {
    fn heading(&self, text: &mut String, words: &str) {
        let _ = writeln!(text, "\n{}", bold(words, self.style));
    }

    fn waves(&self) -> Vec<String> {
        self.whole.waves.iter().map(|wave| format!("wave {}", wave.number)).collect()
    }

    /// A table with a column per wave, and `more` columns before.
    fn by_wave(&self, text: &mut String, first: &str, more: &[&str], rows: &[Vec<String>]) {
        let waves = self.waves();
        let headings: Vec<&str> = more.iter().copied().chain(waves.iter().map(String::as_str)).collect();
        text.push_str(&grid(first, &headings, rows, self.width));
    }

    fn presence(&self, text: &mut String) {
        let many = self.whole.replicates > 1;
        // Where links are lost, one person can have several records.
        let who = if self.whole.links.is_some() { "Records" } else { "People" };
        let heading = match self.seen {
            Seen::Expected => format!("{who} interviewed, expected"),
            Seen::Counted if many => format!("{who} interviewed, mean of {} data sets", count(self.whole.replicates)),
            Seen::Counted => format!("{who} interviewed"),
        };
        self.heading(text, &heading);
        let row = |row: &PresenceRow| -> Vec<String> {
            let cells = row.present.iter().map(|n| people(*n));
            std::iter::once(row.name.clone()).chain(std::iter::once(people(row.records))).chain(cells).collect()
        };
        let mut rows: Vec<Vec<String>> = vec![row(&self.whole.all)];
        rows.extend(self.whole.groups.iter().map(row));
        if let Some(visits) = self.row("interviews of each", &self.whole.visits, share) {
            rows.push([visits[..1].to_vec(), vec![String::new()], visits[1..].to_vec()].concat());
        }
        self.by_wave(text, "group", &["in all"], &rows);
        if self.whole.sites.is_empty() {
            return;
        }
        let rows: Vec<Vec<String>> = self.whole.sites.iter().take(SITES).map(row).collect();
        text.push('\n');
        self.by_wave(text, "site at the start", &["in all"], &rows);
        let rest = self.whole.sites.len().saturating_sub(SITES);
        if rest > 0 {
            let _ = writeln!(text, "   ... and {} more; --json lists all", count(rest as u64));
        }
    }

    fn small(&self, text: &mut String) {
        let verb = match self.seen {
            Seen::Expected => "will have about",
            Seen::Counted => "has",
        };
        for SmallRow { kind, name, wave, present } in self.whole.small.iter().take(SMALL) {
            let n = if *present >= 1.0 { format!("{present:.0}") } else { number((present * 10.0).round() / 10.0) };
            let people = if n == "1" { "person" } else { "people" };
            let _ = writeln!(text, "warning: {kind} {name} {verb} {n} {people} in wave {wave}");
        }
        let rest = self.whole.small.len().saturating_sub(SMALL);
        if rest > 0 {
            let _ = writeln!(text, "warning: {} more groups and sites have few people left", count(rest as u64));
        }
    }

    /// A row of a table by wave, if there is anything in it.
    fn row(&self, name: &str, cells: &[Measured], show: fn(Measured) -> String) -> Option<Vec<String>> {
        let any = cells.iter().any(|m| m.value.is_some());
        any.then(|| std::iter::once(name.to_owned()).chain(cells.iter().map(|m| show(*m))).collect())
    }

    fn lost(&self, text: &mut String) {
        let some = self.whole.lost.iter().filter(|row| row.share.iter().any(|m| m.value.is_some_and(|v| v > 0.0)));
        let rows: Vec<Vec<String>> = some.filter_map(|row| self.row(&row.reason, &row.share, share)).collect();
        if !rows.is_empty() {
            self.heading(text, "Answers that there are not, as a share of all records (mean over the items)");
            self.by_wave(text, "reason", &[], &rows);
        }
    }

    fn items(&self, text: &mut String) {
        let rows: Vec<Vec<String>> = self.whole.items.iter().flat_map(|item| self.item_rows(item)).collect();
        let heading = match self.seen {
            Seen::Expected => "Answers: shares of those who answer, and the true shares of all persons",
            Seen::Counted => "Answers: shares of those who answer",
        };
        if !rows.is_empty() {
            self.heading(text, heading);
            self.by_wave(text, "item", &[], &rows);
        }
        let known = &self.whole.known_from_the_start;
        if !known.is_empty() {
            let _ = writeln!(text, "   known from the start: {}", known.join(", "));
        }
        if !self.whole.left_out.is_empty() {
            let _ = writeln!(text, "   left out, as texts of too many kinds: {}", self.whole.left_out.join(", "));
        }
    }

    fn item_rows(&self, item: &ItemRow) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut add = |name: String, cells: &[Measured], show| rows.extend(self.row(&name, cells, show));
        for level in item.levels.iter().take(LEVELS) {
            let name = format!("{}: {}", item.name, level.level);
            add(format!("{name}, reported"), &level.reported, share);
            add(format!("{name}, true"), &level.truth, share);
        }
        if let Some(mean) = &item.mean {
            add(format!("{}: mean, reported", item.name), &mean.reported, amount);
            add(format!("{}: mean, true", item.name), &mean.truth, amount);
            add(format!("{}: SD, reported", item.name), &mean.sd, amount);
        }
        let rest = item.levels.len().saturating_sub(LEVELS);
        if rest > 0 {
            let filling = vec![String::new(); self.whole.waves.len()];
            rows.push([vec![format!("{}: {rest} more levels", item.name)], filling].concat());
        }
        rows
    }

    fn agreement(&self, text: &mut String) {
        let all = || self.whole.items.iter().filter_map(|item| Some((item.name.as_str(), item.agreement.as_ref()?)));
        if !all().any(|(_, a)| a.twice.value.is_some_and(|n| n > 0.0)) {
            return;
        }
        self.heading(text, "How an answer agrees with the next one of the same record");
        self.shares(
            text,
            all(),
            &[
                ("kappa", |a| Some(a.kappa)),
                ("changed", |a| Some(a.changed)),
                ("contradicted", |a| a.contradicted),
                ("records asked again", |a| Some(a.twice)),
            ],
        );
        text.push_str("   changed: of those who answered twice or more\n");
        let yes_no = || all().filter(|(_, a)| a.yes_then_no.is_some());
        if yes_no().next().is_some() {
            text.push('\n');
            self.shares(
                text,
                yes_no(),
                &[
                    ("yes to no", |a| a.yes_then_no),
                    ("recanted", |a| a.recanted),
                    ("no to yes", |a| a.no_then_yes),
                    ("late disclosure", |a| a.late_disclosure),
                ],
            );
            text.push_str("   yes to no: of those who said yes and answered again; no to yes: of those who said no\n");
        }
        if self.seen == Seen::Expected {
            text.push_str("   contradicted, recanted, late disclosure: the truth unchanged (for the last: yes)\n");
        }
    }

    /// A table of items, of those columns in which there is something.
    fn shares<'b>(
        &self,
        text: &mut String,
        items: impl Iterator<Item = (&'b str, &'b AgreementRow)>,
        columns: &[(&str, Get)],
    ) {
        let items: Vec<(&str, &AgreementRow)> = items.collect();
        let columns = columns.iter().filter(|(_, get)| items.iter().any(|(_, a)| get(a).is_some()));
        let (headings, gets): (Vec<&str>, Vec<_>) = columns.copied().unzip();
        let show = |heading: &str, m: Measured| if heading == "records asked again" { people(m) } else { share(m) };
        let rows: Vec<Vec<String>> = items
            .iter()
            .map(|(name, a)| {
                let cells = headings.iter().zip(&gets).map(|(h, get)| get(a).map_or("-".to_owned(), |m| show(h, m)));
                std::iter::once((*name).to_owned()).chain(cells).collect()
            })
            .collect();
        text.push_str(&grid("item", &headings, &rows, self.width));
    }

    fn mechanisms(&self, text: &mut String) {
        let rows: Vec<Vec<String>> = (self.whole.mechanisms.iter())
            .filter_map(|row| {
                // The errors of the single waves would make the table too wide for most terminals.
                let waves = row.by_wave.iter().map(|m| Measured { mcse: None, ..*m });
                let all: Vec<Measured> = std::iter::once(row.rate).chain(waves).collect();
                self.row(&row.name, &all, share)
            })
            .collect();
        if !rows.is_empty() {
            self.heading(text, "Realised rates of the mechanisms, of those on which each could have worked");
            self.by_wave(text, "mechanism", &["all waves"], &rows);
        }
    }

    fn links(&self, text: &mut String) {
        let Some(links) = &self.whole.links else { return };
        self.heading(text, "Links between records and persons");
        for (what, measured) in [
            ("later interviews of a person that are in the person's first record", links.linked),
            ("missed matches: those that are in another record", links.missed),
            ("false matches: later waves of a record that are another person's", links.false_matches),
            ("duplicates: waves of a person with more than one record", links.duplicates),
        ] {
            let _ = writeln!(text, "   {}  {what}", share(measured));
        }
    }

    fn comments(&self, text: &mut String) {
        let Some(first) = self.whole.comments.first() else { return };
        self.heading(text, "Comments marked by each coder, and kappa of each two coders");
        let coders = first.marks.iter().map(|m| m.coder.clone());
        let headings: Vec<String> =
            coders.chain(first.agreement.iter().map(|a| format!("kappa {}/{}", a.first, a.second))).collect();
        let rows: Vec<Vec<String>> = (self.whole.comments.iter())
            .map(|row| {
                let marks = row.marks.iter().map(|m| people(m.marks));
                let kappas = row.agreement.iter().map(|a| share(a.kappa));
                std::iter::once(row.theme.clone()).chain(marks).chain(kappas).collect()
            })
            .collect();
        let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
        text.push_str(&grid("theme", &headings, &rows, self.width));
    }
}

/// A number of people, to a tenth.
fn people(measured: Measured) -> String {
    match measured.value {
        None => "-".to_owned(),
        Some(value) if value == value.trunc() && measured.mcse.is_none_or(|e| e < 0.05) => count(value as u64),
        Some(value) => with_places(value, measured.mcse, 1),
    }
}

/// A share, to a thousandth.
fn share(measured: Measured) -> String {
    measured.value.map_or("-".to_owned(), |value| with_places(value, measured.mcse, 3))
}

/// A mean; its error where it is above a thousandth of it.
fn amount(measured: Measured) -> String {
    let Some(value) = measured.value else { return "-".to_owned() };
    match measured.mcse.filter(|e| *e > 0.001 * value.abs()) {
        Some(mcse) => with_error(Some(value), Some(mcse)),
        None => number(value),
    }
}

/// The value with so many places, and its error where that many places show it.
fn with_places(value: f64, mcse: Option<f64>, places: usize) -> String {
    let shown = |v: f64| format!("{v:.places$}");
    // No minus before a zero.
    let text = shown(value);
    let text = if text.trim_matches(['-', '0', '.']).is_empty() { shown(0.0) } else { text };
    match mcse.map(shown).filter(|e| !e.trim_matches(['0', '.']).is_empty()) {
        Some(error) => format!("{text} ({error})"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(value: f64, mcse: f64) -> Measured {
        Measured { value: Some(value), mcse: Some(mcse) }
    }

    #[test]
    fn errors_that_are_negligible_are_not_shown() {
        assert_eq!(people(measured(12.34, 0.41)), "12.3 (0.4)");
        assert_eq!(people(measured(12.34, 0.02)), "12.3");
        assert_eq!(people(measured(1200.0, 0.0)), "1,200");
        assert_eq!(people(Measured::default()), "-");
        assert_eq!(share(measured(0.4504, 0.0032)), "0.450 (0.003)");
        assert_eq!(share(measured(-0.0001, 0.0002)), "0.000");
        assert_eq!(amount(measured(17.2345, 0.012)), "17.23");
        assert_eq!(amount(measured(1.5, 0.02)), "1.500 (0.020)");
    }

    #[test]
    fn the_ten_smallest_are_named() {
        let row = |n: usize| SmallRow { kind: "site", name: format!("shelter {n}"), wave: 4, present: n as f64 / 2.0 };
        let mut whole = Description { small: (0..13).map(row).collect(), ..Description::default() };
        let style = Style { width: 80, colour: false };
        let text = description(&whole, Seen::Expected, &style);
        assert!(text.contains("warning: site shelter 4 will have about 2 people in wave 4\n"), "{text}");
        assert!(text.contains("site shelter 1 will have about 0.5 people in wave 4"), "{text}");
        assert!(text.contains("site shelter 2 will have about 1 person in wave 4"), "{text}");
        assert!(text.contains("warning: 3 more groups and sites have few people left"), "{text}");
        assert!(!text.contains("shelter 10"), "{text}");
        whole.small.truncate(3);
        let text = description(&whole, Seen::Counted, &style);
        assert!(text.contains("site shelter 2 has 1 person in wave 4") && !text.contains("more groups"), "{text}");
    }
}
