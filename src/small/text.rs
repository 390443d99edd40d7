//! A small study as the text of a scenario.

use super::{Item, ItemKind, LEVELS, Loss, LossKind, SmallStudy};
use std::fmt::Write;

/// The step of all small studies; changes of the truth are meant for it.
const STEP: &str = "6 months";

impl SmallStudy {
    /// The study as a scenario, under the heading of `title`: what `eclosion simulate` reads, and
    /// [`crate::scenario::load_text`].
    #[must_use]
    pub fn to_toml(&self, title: &str) -> String {
        let mut text = String::new();
        self.head(&mut text, title);
        for position in 0..self.items.len() {
            self.state(&mut text, position);
        }
        self.survey(&mut text);
        for loss in &self.losses {
            self.loss(&mut text, loss);
        }
        if let Some(linkage) = &self.linkage {
            line(&mut text, "\n[survey.linkage]\nkind = \"numbers\"");
            line(&mut text, &format!("lost = {}\nduplicates = {}", share(linkage.lost), share(linkage.duplicates)));
        }
        if let Some(preset) = self.dirt.preset() {
            line(&mut text, &format!("\n[release]\ndirty = \"{preset}\""));
        }
        text
    }

    fn head(&self, text: &mut String, title: &str) {
        let Self { seed, waves, .. } = self;
        line(text, "scenario = 1\n\n[study]");
        line(text, &format!("title = {}\naims = \"Test data.\"\nseed = {seed}\nreplicates = 1", quoted(title)));
        line(text, &format!("\n[time]\nstep = \"{STEP}\"\nwaves = {{ every = \"1 year\", count = {waves} }}"));
        if self.visits {
            line(text, "visits = \"poisson(mean = 1.5)\"");
        }
        for (position, size) in self.groups.iter().enumerate() {
            line(text, &format!("\n[[group]]\nname = \"group {}\"\nsize = {size}", position + 1));
        }
    }

    fn state(&self, text: &mut String, position: usize) {
        let name = self.item_name(position);
        line(text, &format!("\n[state.{name}]"));
        match self.items[position].kind {
            ItemKind::YesNo { yes, changes } => {
                line(text, &format!("starts = {}", share(yes)));
                for key in ["on", "off"].iter().filter(|_| changes > 0) {
                    line(text, &format!("{key} = {{ probability = {}, per = \"{STEP}\" }}", share(changes)));
                }
            }
            ItemKind::Levels { levels, changes } => state_of_levels(text, &names(levels), changes),
            ItemKind::Number { mean, sd, .. } => {
                line(text, &format!("starts = \"normal(mean = {mean}, sd = {sd})\""));
                let step = f64::from(sd) / 2.0;
                line(text, &format!("each_step = \"normal(mean = lag({name}), sd = {step})\"\nper = \"{STEP}\""));
            }
        }
    }

    fn survey(&self, text: &mut String) {
        line(text, "\n[survey.items]");
        for (position, item) in self.items.iter().enumerate() {
            line(text, &format!("{} = {{ {} }}", self.item_name(position), answering(item)).replace("{  }", "{}"));
        }
        let rounded = |item: &Item| matches!(item.kind, ItemKind::Number { rounded: true, .. });
        for (position, _) in self.items.iter().enumerate().filter(|(_, item)| rounded(item)) {
            let name = self.item_name(position);
            line(text, &format!("\n[[survey.answer]]\nkind = \"heaping\"\nitems = [\"{name}\"]\nto = 5"));
        }
    }

    fn loss(&self, text: &mut String, loss: &Loss) {
        let percent = share(loss.percent);
        let (kind, probability) = match loss.kind {
            LossKind::DelayedEntry => ("delayed_entry", share(100_u8.saturating_sub(loss.percent)).to_string()),
            LossKind::Refusal => ("refusal", percent.to_string()),
            LossKind::Intermittent => ("intermittent", format!("{percent}\nreturns = 0.5")),
            LossKind::Dropout => ("dropout", percent.to_string()),
            LossKind::DropoutByTruth => ("dropout", format!("\"{percent} * ({})\"", self.first_truth())),
            LossKind::Death => ("death", percent.to_string()),
        };
        line(text, &format!("\n[[survey.loss]]\nkind = \"{kind}\"\nprobability = {probability}"));
    }

    /// A formula that is true of about half of the persons, by the truth of the first question.
    fn first_truth(&self) -> String {
        let name = self.item_name(0);
        match self.items.first().map(|item| item.kind) {
            Some(ItemKind::Levels { .. }) => format!("{name} == '{}'", LEVELS[0]),
            Some(ItemKind::Number { mean, .. }) => format!("{name} > {mean}"),
            Some(ItemKind::YesNo { .. }) | None => name,
        }
    }
}

/// The names of so many levels; further ones are numbered.
fn names(levels: u8) -> Vec<String> {
    let further = (LEVELS.len()..usize::from(levels)).map(|level| format!("level {}", level + 1));
    LEVELS.iter().take(usize::from(levels)).map(|name| (*name).to_owned()).chain(further).collect()
}

fn state_of_levels(text: &mut String, names: &[String], changes: u8) {
    let list: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    line(text, &format!("levels = [{}]", list.join(", ")));
    let n = names.len();
    let each = |(position, name): (usize, &String)| match position + 1 == n {
        true => format!("{} = rest", of_formula(name)),
        false => format!("{} = 1/{n}", of_formula(name)),
    };
    let shares: Vec<String> = names.iter().enumerate().map(each).collect();
    line(text, &format!("starts = {}", quoted(&format!("categorical({})", shares.join(", ")))));
    if changes == 0 || n < 2 {
        return;
    }
    line(text, "moves = [");
    for (from, to) in list.iter().zip(list.iter().cycle().skip(1)) {
        let move_ = format!("from = {from}, to = {to}, probability = {}, per = \"{STEP}\"", share(changes));
        line(text, &format!("    {{ {move_} }},"));
    }
    line(text, "]");
}

/// The options of a question in `[survey.items]`.
fn answering(item: &Item) -> String {
    let mut keys = Vec::new();
    if item.from_wave > 1 {
        keys.push(format!("from_wave = {}", item.from_wave));
    }
    if item.nonresponse > 0 {
        keys.push(format!("nonresponse = {}", share(item.nonresponse)));
    }
    if item.error > 0 {
        let right = share(100_u8.saturating_sub(item.error));
        keys.push(match item.kind {
            ItemKind::YesNo { .. } => format!("sensitivity = {right}, specificity = {right}"),
            ItemKind::Levels { levels, .. } => format!("matrix = {}", matrix(levels, item.error)),
            ItemKind::Number { .. } => format!("error = \"normal(mean = 0, sd = {})\"", item.error),
        });
    }
    keys.join(", ")
}

/// Every wrong level is as likely as the next.
fn matrix(levels: u8, error: u8) -> String {
    let wrong = share(error) / f64::from(levels.saturating_sub(1).max(1));
    let cell = |row: u8, column: u8| if row == column { share(100_u8.saturating_sub(error)) } else { wrong };
    let row = |row: u8| (0..levels).map(|column| cell(row, column).to_string()).collect::<Vec<_>>().join(", ");
    let rows: Vec<String> = (0..levels).map(|r| format!("[{}]", row(r))).collect();
    format!("[{}]", rows.join(", "))
}

fn share(percent: u8) -> f64 {
    f64::from(percent) / 100.0
}

/// The name of a level within a formula: such names have one kind of quotation mark in them at most.
fn of_formula(name: &str) -> String {
    if name.contains('\'') { format!("\"{name}\"") } else { format!("'{name}'") }
}

/// A text of TOML on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
