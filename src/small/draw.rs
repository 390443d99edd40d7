//! The small study of a case: drawn by seed and number of the case, so that a case is the same whatever others there are.

use super::{Dirt, Item, ItemKind, Linkage, Loss, LossKind, SmallStudy};
use crate::streams::{Lane, Purpose, Space, Streams};

/// The draws of one case, each by its name.
struct Dice {
    streams: Streams,
    case: u64,
}

impl Dice {
    fn word(&self, name: &str) -> u64 {
        let purpose = Purpose::named(&format!("case.{name}"));
        let lane = Lane { purpose, occasion: 0, replicate: self.case, stratum: 0 };
        self.streams.own(&lane, 0).word(0)
    }

    /// A whole number below `n`, which is so small that the remainder favours none by more than 2^-50.
    fn below(&self, name: &str, n: u64) -> u64 {
        self.word(name) % n.max(1)
    }

    fn one_in(&self, name: &str, n: u64) -> bool {
        self.below(name, n) == 0
    }

    fn pick<T: Copy>(&self, name: &str, of: &[T], otherwise: T) -> T {
        of.get(self.below(name, of.len() as u64) as usize).copied().unwrap_or(otherwise)
    }
}

/// Edge cases, by the last digit of the number of a case or by its last digit in twenty.
struct Edge {
    one_wave: bool,
    one_person: bool,
    nothing_missing: bool,
    nobody_answers: bool,
    all_leave: bool,
    constant: bool,
}

impl Edge {
    fn of(case: u64) -> Self {
        Self {
            one_wave: case % 10 == 3,
            one_person: case % 10 == 6,
            nothing_missing: case % 10 == 9,
            nobody_answers: case % 20 == 12,
            all_leave: case % 20 == 15,
            constant: case % 20 == 18,
        }
    }
}

impl SmallStudy {
    /// The study of a case. Case 0 is [`SmallStudy::simplest`] with a seed of its own; the next ones grow until about case
    /// 20. Odd cases have errors of data entry. Edge cases are scattered: one wave only (numbers that end in 3), one person
    /// (in 6), nothing missing (in 9); nobody answers (12, 32, ...), all leave after the first wave (15, 35, ...), all
    /// answers alike (18, 38, ...). Kinds of questions and of losses take turns, so that the first few cases have all.
    #[must_use]
    pub fn of_case(seed: u64, case: u64) -> Self {
        let dice = Dice { streams: Streams::new(seed, Space::Cases), case };
        let own_seed = dice.below("seed", 1_000_000);
        if case == 0 {
            return Self { seed: own_seed, ..Self::simplest() };
        }
        let edge = Edge::of(case);
        let waves = if edge.one_wave { 1 } else { 1 + dice.below("waves", (1 + case).min(6)) as u16 };
        let items = 1 + dice.below("items", (1 + case / 2).min(5));
        let study = Self {
            groups: if edge.one_person { vec![1] } else { groups(&dice) },
            waves: if edge.all_leave { waves.max(2) } else { waves },
            items: (0..items).map(|position| item(&dice, position, waves, &edge)).collect(),
            losses: losses(&dice, &edge),
            visits: !edge.nothing_missing && (case % 5 == 2 || dice.one_in("visits", 8)),
            linkage: linkage(&dice).filter(|_| !edge.nothing_missing),
            dirt: match (case % 2, dice.one_in("dirt", 4)) {
                (0, _) => Dirt::Clean,
                (_, true) => Dirt::Light,
                (_, false) => Dirt::Heavy,
            },
            seed: own_seed,
        };
        study.fitted()
    }
}

/// Up to 40 persons in up to 4 groups.
fn groups(dice: &Dice) -> Vec<u16> {
    let persons = 1 + dice.below("persons", (1 + 2 * dice.case).min(40));
    let count = 1 + dice.below("groups", (1 + dice.case / 3).min(4).min(persons));
    let mut sizes = Vec::new();
    let mut rest = persons;
    for later in (0..count).rev() {
        let size = if later == 0 { rest } else { 1 + dice.below(&format!("group.{later}"), rest - later) };
        sizes.push(size as u16);
        rest -= size;
    }
    sizes
}

fn item(dice: &Dice, position: u64, waves: u16, edge: &Edge) -> Item {
    let name = |what: &str| format!("item.{position}.{what}");
    let kind = if position == 0 { dice.case % 3 } else { dice.below(&name("kind"), 3) };
    let changes = if edge.constant { 0 } else { dice.pick(&name("changes"), &[0, 5, 20, 50], 0) };
    let kind = match kind {
        1 => ItemKind::Levels { levels: 2 + dice.below(&name("levels"), 3) as u8, changes },
        2 => ItemKind::Number {
            mean: dice.pick(&name("mean"), &[0, 10, 50, -3, 1000], 0),
            sd: if edge.constant { 0 } else { dice.pick(&name("sd"), &[0, 1, 2, 15], 0) },
            rounded: dice.one_in(&name("rounded"), 3),
        },
        _ => ItemKind::YesNo {
            yes: if edge.constant { 0 } else { dice.pick(&name("yes"), &[0, 10, 50, 90, 100], 0) },
            changes,
        },
    };
    let late = dice.one_in(&name("late"), 6) && !edge.nothing_missing;
    let silent = if dice.one_in(&name("answered"), 2) { 0 } else { dice.pick(&name("silent"), &[2, 10, 30, 60], 0) };
    let wrong = if dice.one_in(&name("right"), 2) { 0 } else { dice.pick(&name("wrong"), &[1, 5, 20, 50], 0) };
    Item {
        kind,
        from_wave: if late { 1 + dice.below(&name("from"), u64::from(waves)) as u16 } else { 1 },
        nonresponse: match (edge.nobody_answers, edge.nothing_missing) {
            (true, _) => 100,
            (_, true) => 0,
            _ => silent,
        },
        error: if edge.constant { 0 } else { wrong },
    }
}

fn losses(dice: &Dice, edge: &Edge) -> Vec<Loss> {
    if edge.nothing_missing {
        return Vec::new();
    }
    let mut losses = Vec::new();
    for (position, kind) in LossKind::ALL.into_iter().enumerate() {
        let its_turn = dice.case % LossKind::ALL.len() as u64 == position as u64;
        if edge.all_leave && kind == LossKind::Dropout {
            losses.push(Loss { kind, percent: 100 });
        } else if its_turn || dice.one_in(&format!("loss.{}", kind.name()), 6) {
            let percent = dice.pick(&format!("loss.{}.percent", kind.name()), &[5, 10, 20, 40, 80], 0);
            losses.push(Loss { kind, percent });
        }
    }
    losses
}

fn linkage(dice: &Dice) -> Option<Linkage> {
    let linked = dice.case % 7 == 4 || dice.one_in("linked", 10);
    let percent = |name: &str| dice.pick(name, &[0, 5, 20, 50], 0);
    linked.then(|| Linkage { lost: percent("linked.lost").max(1), duplicates: percent("linked.duplicates") })
}
