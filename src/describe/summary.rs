//! From counts to shares, and their Monte Carlo standard errors.

use super::tally::{ItemShape, ItemTally, Linked, Places, Shape, Shown, Tally};
use crate::tables::Description;
use crate::tables::Measured;
use crate::tables::description::{
    AgreementRow, CoderCount, CoderPair, ItemKind, ItemRow, LevelRow, LinkRow, LossRow, MeanRow, PresenceRow, RateRow,
    SmallRow, ThemeRow,
};

/// A group or site of which fewer records than this are interviewed at a wave is pointed out: a share among so few has
/// a standard error above 0.2, and who they are may be guessed.
pub const FEW: f64 = 5.0;

/// The numbers of all blocks together. Blocks are independent sets of replicates: from two of them on, each number has
/// its Monte Carlo standard error by the jackknife that leaves out a block at a time (Efron 1982, The Jackknife, the
/// Bootstrap and Other Resampling Plans, doi:10.1137/1.9781611970319).
#[must_use]
pub fn summary(blocks: &[Tally]) -> Description {
    let Some((first, rest)) = blocks.split_first() else { return Description::default() };
    let mut all = first.clone();
    for block in rest {
        all.combine(block, 1.0);
    }
    let mut whole = describe(&all);
    if blocks.len() > 1 {
        let mut parts: Vec<Description> = Vec::with_capacity(blocks.len());
        for block in blocks {
            let mut rest = all.clone();
            rest.combine(block, -1.0);
            parts.push(describe(&rest));
        }
        let without: Vec<Vec<&mut Measured>> = parts.iter_mut().map(figures).collect();
        let mut figures = figures(&mut whole);
        // Where something occurs in one block only, the others have not even the numbers for it.
        let alike = without.iter().all(|part| part.len() == figures.len());
        for (k, figure) in figures.iter_mut().enumerate().filter(|_| alike) {
            figure.mcse = figure.value.and_then(|_| {
                let values: Option<Vec<f64>> = without.iter().map(|part| part.get(k)?.value).collect();
                values.map(|values| jackknife(&values))
            });
        }
    }
    whole.small = small(&all.shape, &whole);
    whole
}

/// The standard error from the values without each block.
fn jackknife(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    ((n - 1.0) / n * squares).sqrt()
}

fn plain(value: f64) -> Measured {
    Measured { value: Some(value).filter(|v| v.is_finite()), mcse: None }
}

fn ratio(part: f64, whole: f64) -> Measured {
    if whole > 0.0 { plain(part / whole) } else { Measured::default() }
}

fn describe(tally: &Tally) -> Description {
    let shape = &tally.shape;
    let compared = shape.items.iter().zip(&tally.items);
    let everybody = ["all".to_owned()];
    let mut all = presence(&tally.all, &everybody, tally);
    Description {
        replicates: tally.replicates.max(0.0) as u64,
        waves: shape.waves.clone(),
        all: all.pop().unwrap_or_default(),
        groups: presence(&tally.groups, &shape.groups, tally),
        sites: presence(&tally.sites, &shape.sites, tally),
        small: Vec::new(),
        lost: losses(tally),
        items: compared.map(|(item, counts)| item_row(tally, item, counts)).collect(),
        known_from_the_start: shape.known_from_the_start.clone(),
        left_out: Vec::new(),
        mechanisms: rates(tally),
        links: links(&tally.links),
        visits: visits(tally),
        comments: comments(tally),
    }
}

fn presence(places: &Places, names: &[String], tally: &Tally) -> Vec<PresenceRow> {
    let waves = tally.shape.waves.len();
    let row = |(p, name): (usize, &String)| PresenceRow {
        name: name.clone(),
        records: ratio(places.records[p], tally.replicates),
        present: places.present[p * waves..(p + 1) * waves].iter().map(|n| ratio(*n, tally.replicates)).collect(),
    };
    names.iter().enumerate().map(row).collect()
}

/// Groups and sites with few at some wave, each at the wave with fewest, the smallest first.
fn small(shape: &Shape, whole: &Description) -> Vec<SmallRow> {
    let mut found = Vec::new();
    for (kind, rows) in [("group", &whole.groups), ("site", &whole.sites)] {
        for row in rows {
            let at = |wave: usize| row.present.get(wave).and_then(|m| m.value).unwrap_or(0.0);
            // Who enters later is not missed before.
            let begin = (0..shape.waves.len()).find(|wave| at(*wave) > 0.0).unwrap_or(0);
            let fewest = (begin..shape.waves.len()).min_by(|a, b| at(*a).total_cmp(&at(*b)));
            if let Some(wave) = fewest.filter(|wave| at(*wave) < FEW) {
                let (name, number) = (row.name.clone(), shape.waves[wave].number);
                found.push(SmallRow { kind, name, wave: number, present: at(wave) });
            }
        }
    }
    found.sort_by(|a, b| a.present.total_cmp(&b.present));
    found
}

/// Per reason and wave the share of answers that there are not: the mean over the items.
fn losses(tally: &Tally) -> Vec<LossRow> {
    let (waves, reasons) = (tally.shape.waves.len(), tally.shape.reasons.len());
    let records = tally.all.records[0] * tally.items.len() as f64;
    let at = |wave: usize, reason: usize| tally.items.iter().map(|i| i.missing[wave * reasons + reason]).sum::<f64>();
    let row = |(reason, words): (usize, &String)| LossRow {
        reason: words.clone(),
        share: (0..waves).map(|wave| ratio(at(wave, reason), records)).collect(),
    };
    tally.shape.reasons.iter().enumerate().map(row).collect()
}

fn item_row(tally: &Tally, item: &ItemShape, counts: &ItemTally) -> ItemRow {
    let (waves, levels) = (tally.shape.waves.len(), item.levels.len());
    let records = tally.all.records[0];
    let truth = |of: &dyn Fn(usize) -> f64| -> Vec<Measured> {
        let waves = if tally.shape.with_truth { waves } else { 0 };
        (0..waves).map(|w| ratio(of(w), counts.true_count[w])).collect()
    };
    let level = |l: usize| LevelRow {
        level: item.levels[l].clone(),
        reported: (0..waves).map(|w| ratio(counts.levels[w * levels + l], counts.answered[w])).collect(),
        truth: truth(&|w| counts.true_levels[w * levels + l]),
    };
    let mean = || MeanRow {
        reported: (0..waves).map(|w| ratio(counts.sum[w], counts.answered[w])).collect(),
        sd: (0..waves).map(|w| sd(counts.answered[w], counts.sum[w], counts.squares[w])).collect(),
        truth: truth(&|w| counts.true_sum[w]),
    };
    // Of yes and no only yes is listed.
    let first = usize::from(item.kind == ItemKind::YesNo);
    ItemRow {
        name: item.name.clone(),
        kind: item.kind,
        answered: counts.answered.iter().map(|n| ratio(*n, records)).collect(),
        levels: (first..levels).map(level).collect(),
        mean: (item.kind == ItemKind::Number).then(mean),
        agreement: item.is_compared().then(|| agreement(tally, item, counts)),
    }
}

fn sd(n: f64, sum: f64, squares: f64) -> Measured {
    let scatter = (squares - sum * sum / n).max(0.0);
    if n > 1.0 { plain((scatter / (n - 1.0)).sqrt()) } else { Measured::default() }
}

fn agreement(tally: &Tally, item: &ItemShape, counts: &ItemTally) -> AgreementRow {
    let levels = item.levels.len();
    let n = |shown: Shown| counts.shown[shown as usize];
    let yes_no = item.kind == ItemKind::YesNo;
    let of = |asked: bool, part: Shown, whole: Shown| asked.then(|| ratio(n(part), n(whole)));
    let truth = tally.shape.with_truth;
    let by_wave: Vec<&[f64]> = counts.pairs.chunks(levels * levels).collect();
    let mut pooled = vec![0.0; levels * levels];
    for pairs in &by_wave {
        pooled.iter_mut().zip(*pairs).for_each(|(sum, n)| *sum += n);
    }
    AgreementRow {
        twice: ratio(n(Shown::Twice), tally.replicates),
        changed: ratio(n(Shown::Changed), n(Shown::Twice)),
        contradicted: of(truth, Shown::Contradicted, Shown::Twice),
        kappa: kappa(&pooled, levels),
        kappa_by_wave: by_wave.iter().map(|pairs| kappa(pairs, levels)).collect(),
        yes_then_no: of(yes_no, Shown::YesThenNo, Shown::YesAgain),
        recanted: of(yes_no && truth, Shown::Recanted, Shown::YesAgain),
        no_then_yes: of(yes_no, Shown::NoThenYes, Shown::NoAgain),
        late_disclosure: of(yes_no && truth, Shown::Disclosed, Shown::NoAgain),
    }
}

/// Cohen's kappa of a square table (Cohen 1960, doi:10.1177/001316446002000104); undefined where chance alone agrees
/// always.
pub(super) fn kappa(table: &[f64], levels: usize) -> Measured {
    let all: f64 = table.iter().sum();
    let row = |l: usize| table[l * levels..(l + 1) * levels].iter().sum::<f64>() / all;
    let column = |l: usize| (0..levels).map(|k| table[k * levels + l]).sum::<f64>() / all;
    let agreed = (0..levels).map(|l| table[l * levels + l]).sum::<f64>() / all;
    let by_chance: f64 = (0..levels).map(|l| row(l) * column(l)).sum();
    // A hair below 1 is 1 that was rounded.
    if all > 0.0 && by_chance < 1.0 - 1e-12 {
        plain((agreed - by_chance) / (1.0 - by_chance))
    } else {
        Measured::default()
    }
}

fn rates(tally: &Tally) -> Vec<RateRow> {
    let mut names: Vec<&str> = Vec::new();
    for mechanism in &tally.mechanisms {
        if !names.contains(&mechanism.name.as_str()) {
            names.push(&mechanism.name);
        }
    }
    let sums = |name: &str, wave: Option<usize>| {
        let own = tally.mechanisms.iter().filter(|m| m.name == name);
        let own = own.filter(|m| wave.is_none_or(|w| usize::from(m.wave) == w + 1));
        own.fold([0.0, 0.0], |sum, m| [sum[0] + m.counts[0], sum[1] + m.counts[1]])
    };
    let rate = |[at_risk, happened]: [f64; 2]| ratio(happened, at_risk);
    let row = |name: &&str| RateRow {
        name: (*name).to_owned(),
        rate: rate(sums(name, None)),
        by_wave: (0..tally.shape.waves.len()).map(|w| rate(sums(name, Some(w)))).collect(),
    };
    names.iter().map(row).collect()
}

fn links(counts: &[f64]) -> Option<LinkRow> {
    let n = |linked: Linked| counts[linked as usize];
    (n(Linked::Waves) > 0.0).then(|| LinkRow {
        linked: ratio(n(Linked::Again) - n(Linked::Missed), n(Linked::Again)),
        missed: ratio(n(Linked::Missed), n(Linked::Again)),
        false_matches: ratio(n(Linked::False), n(Linked::Added)),
        duplicates: ratio(n(Linked::Twice), n(Linked::Waves)),
    })
}

/// Interviews per record that is interviewed.
fn visits(tally: &Tally) -> Vec<Measured> {
    if tally.visits.iter().all(|n| *n == 0.0) {
        return Vec::new();
    }
    tally.visits.iter().zip(&tally.all.present).map(|(visits, present)| ratio(*visits, *present)).collect()
}

fn comments(tally: &Tally) -> Vec<ThemeRow> {
    let coders = &tally.shape.coders;
    let pairs = coders.len() * coders.len().saturating_sub(1) / 2;
    let row = |(t, theme): (usize, &String)| {
        let marks = coders.iter().enumerate().map(|(c, coder)| CoderCount {
            coder: coder.clone(),
            marks: ratio(tally.marks[t * coders.len() + c], tally.replicates),
        });
        let mut agreement = Vec::new();
        for first in 0..coders.len() {
            for second in first + 1..coders.len() {
                let at = 4 * (t * pairs + agreement.len());
                agreement.push(CoderPair {
                    first: coders[first].clone(),
                    second: coders[second].clone(),
                    kappa: kappa(&tally.pairs[at..at + 4], 2),
                });
            }
        }
        ThemeRow { theme: theme.clone(), marks: marks.collect(), agreement }
    };
    tally.shape.themes.iter().enumerate().map(row).collect()
}

/// All numbers, in an order that depends on the shape alone.
fn figures(whole: &mut Description) -> Vec<&mut Measured> {
    let mut all: Vec<&mut Measured> = Vec::new();
    let places = whole.groups.iter_mut().chain(&mut whole.sites).chain(std::iter::once(&mut whole.all));
    for row in places {
        all.push(&mut row.records);
        all.extend(&mut row.present);
    }
    all.extend(whole.lost.iter_mut().flat_map(|row| &mut row.share));
    for item in &mut whole.items {
        all.extend(&mut item.answered);
        all.extend(item.levels.iter_mut().flat_map(|l| l.reported.iter_mut().chain(&mut l.truth)));
        if let Some(mean) = &mut item.mean {
            all.extend(mean.reported.iter_mut().chain(&mut mean.sd).chain(&mut mean.truth));
        }
        let Some(agreement) = &mut item.agreement else { continue };
        all.extend([&mut agreement.twice, &mut agreement.changed, &mut agreement.kappa]);
        all.extend(&mut agreement.kappa_by_wave);
        let optional = [
            &mut agreement.contradicted,
            &mut agreement.yes_then_no,
            &mut agreement.recanted,
            &mut agreement.no_then_yes,
            &mut agreement.late_disclosure,
        ];
        all.extend(optional.into_iter().flatten());
    }
    for row in &mut whole.mechanisms {
        all.push(&mut row.rate);
        all.extend(&mut row.by_wave);
    }
    if let Some(links) = &mut whole.links {
        all.extend([&mut links.linked, &mut links.missed, &mut links.false_matches, &mut links.duplicates]);
    }
    all.extend(&mut whole.visits);
    for theme in &mut whole.comments {
        all.extend(theme.marks.iter_mut().map(|m| &mut m.marks));
        all.extend(theme.agreement.iter_mut().map(|a| &mut a.kappa));
    }
    all
}
