//! The text of a study by chance, out of every kind of mechanism that the catalogues have.

use eclosion::observe::{answer, loss};
use std::fmt::Write;

/// Numbers that follow from the number of a case only.
pub struct Dice(u64);

impl Dice {
    pub fn new(case: u64) -> Self {
        Self(case.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x0123_4567_89ab_cdef)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    /// Some of these, in an order of chance.
    fn some<T>(&mut self, mut of: Vec<T>, most: u64) -> Vec<T> {
        let count = self.below(most.min(of.len() as u64) + 1);
        (0..count).map(|_| of.swap_remove(self.below(of.len() as u64) as usize)).collect()
    }
}

/// What a study has, as far as its mechanisms ask for it.
pub struct Study {
    dice: Dice,
    waves: u64,
    sites: bool,
    visits: bool,
    mood: bool,
    trust: bool,
    others: bool,
    team: bool,
    pub erases: bool,
    pub linked: bool,
}

/// The text of a case without its linkage, the linkage, and what is in it.
pub fn any(case: u64) -> (String, String, Study) {
    let mut dice = Dice::new(case);
    let mut flag = |n| dice.one_in(n);
    let [sites, visits, mood, trust, others, team] = [flag(2), flag(2), flag(2), flag(2), flag(2), flag(2)];
    let waves = 2 + dice.below(3);
    let mut s = Study { dice, waves, sites, visits, mood, trust, others, team, erases: false, linked: false };
    let mut text = s.people();
    text += &s.circumstances();
    text += &s.items();
    let kinds: Vec<&str> = answer::catalogue().iter().map(|e| e.name).collect();
    for kind in s.dice.some(kinds, 6) {
        text += &s.answer(kind);
    }
    text += &s.losses();
    text += &s.comments();
    text += &s.sets();
    let linkage = s.linkage();
    (text, linkage, s)
}

impl Study {
    /// A moderate probability, constant or by what a formula reads before an interview.
    fn before(&mut self) -> String {
        let p = [0.05, 0.1, 0.2, 0.35][self.dice.below(4) as usize];
        let by =
            ["1", "if(x, 1.5, 0.5)", "if(wave > 1, 1, 0.4)", "if(missing(reported(x)), 0.3, 1)", "1 / (1 + contacts)"];
        let by = self.dice.pick(&by);
        let trust = if self.trust && self.dice.one_in(2) { " * expit(-trust)" } else { "" };
        format!("'{p} * {by}{trust}'")
    }

    /// A moderate probability within an interview.
    fn within(&mut self) -> String {
        let mut formula = format!("{}", [0.1, 0.25, 0.5][self.dice.below(3) as usize]);
        let maybe = [
            (self.mood, " * expit(mood)"),
            (self.trust, " * expit(0.5 - trust)"),
            (self.others, " * if(others_present, 1.5, 0.5)"),
            (self.team, " * if(same_interviewer, 0.5, 1)"),
            (self.team, " * expit(asker)"),
        ];
        for (_, piece) in maybe.into_iter().filter(|(there, _)| *there) {
            formula += if self.dice.one_in(2) { piece } else { "" };
        }
        formula += if self.dice.one_in(6) && self.sites { " * (0.5 + 0.5*site_mean(x))" } else { "" };
        format!("'{formula}'")
    }

    fn people(&mut self) -> String {
        let visits = if self.visits { ", visits = 'poisson(mean = 1.4)'" } else { "" };
        let mut text =
            format!("time = {{ step = '6 months', waves = {{ every = '1 year', count = {} }}{visits} }}\n", self.waves);
        text += "[[group]]\nname = 'a'\nsize = 17\n[[group]]\nname = 'b'\nsize = 6\n";
        if self.dice.one_in(4) {
            text += "[[group]]\nname = 'one'\nsize = 1\n";
        }
        if self.sites {
            text +=
                "[[site]]\nsetting = 'in'\nname = 'i'\ncount = 2\n[[site]]\nsetting = 'out'\nname = 'o'\ncount = 1\n";
        }
        text + "[attributes]\nage = 'uniform(low = 15, high = 20)'\nscore = 'normal(mean = 20, sd = 5)'\n\
                born = { law = 'categorical(north = 0.5, south = 0.3, west = 0.2)', levels = ['north', 'south', 'west'] }\n\
                [state.setting]\nlevels = ['in', 'out']\nstarts = 'in'\n\
                moves = [{ from = 'in', to = 'out', rate = 0.4 }]\n\
                [state.x]\nstarts = 0.5\non = { rate = 0.7 }\noff = { rate = 0.5 }\n\
                [state.y]\nstarts = 0.3\non = { rate = '0.2 + 0.3 * x' }\n\
                [state.level]\nlevels = ['low', 'middle', 'high']\n\
                starts = 'categorical(low = 0.3, middle = 0.4, high = 0.3)'\n\
                each_step = { low = '0.3', middle = '0.4', high = 'rest' }\nper = '6 months'\n\
                [state.pay]\nstarts = 'gamma(shape = 2, scale = 10)'\n\
                each_step = 'normal(mean = 0.5*lag(pay) + 3*x, sd = 1)'\nper = '6 months'\n"
    }

    fn circumstances(&mut self) -> String {
        let mut text = String::new();
        if self.team {
            text += "[effects]\nasker = { of = 'interviewer', icc = 0.2 }\n[survey.team]\ncount = 4\nstays = 0.6\n";
        }
        if self.trust {
            text += "[survey.trust]\nstart = 'normal(mean = 0, sd = 0.5)'\nper_contact = 0.2\nper_missed_wave = 0.3\n\
                     falls = { probability = 0.1, by = 0.5 }\n";
            text += if self.team { "same_interviewer = 0.3\n" } else { "" };
        }
        if self.mood || self.others {
            text += "[survey]\n";
            text += if self.mood { "mood = 'normal(mean = 0, sd = 0.7)'\n" } else { "" };
            text += if self.others { "others_present = '0.4 * x'\n" } else { "" };
        }
        text
    }

    /// Items in an order of chance: own ways of answering, skip patterns, changes of instrument.
    fn items(&mut self) -> String {
        let mut names = vec!["x", "y", "level", "pay", "score", "born"];
        let mut text = "[survey.items]\n".to_owned();
        let mut before: Vec<&str> = Vec::new();
        while !names.is_empty() {
            let name = names.swap_remove(self.dice.below(names.len() as u64) as usize);
            if name != "x" && self.dice.one_in(5) {
                continue;
            }
            let mut keys = self.own_way(name);
            if self.dice.one_in(3) {
                keys.push(format!("nonresponse = {}", self.within()));
            }
            if name != "x" && self.dice.one_in(3) {
                keys.push(format!("asked = '{}'", self.skip(&before)));
                if self.dice.one_in(2) {
                    let value = match name {
                        "y" => "false",
                        "level" => "'middle'",
                        "born" => "'west'",
                        _ => "0",
                    };
                    keys.push(format!("otherwise = {value}"));
                }
            }
            if name != "x" && self.dice.one_in(4) {
                let wave = 1 + self.dice.below(self.waves);
                keys.push(format!("{} = {wave}", self.dice.pick(&["from_wave", "to_wave"])));
            }
            writeln!(text, "{name} = {{ {} }}", keys.join(", ")).unwrap();
            before.push(name);
        }
        text
    }

    fn own_way(&mut self, name: &str) -> Vec<String> {
        if self.dice.one_in(3) {
            return Vec::new();
        }
        match name {
            "x" | "y" => vec![
                format!("sensitivity = '1 - {}'", self.within().trim_matches('\'')),
                "specificity = 0.9".to_owned(),
                "stigma = 0.5".to_owned(),
            ],
            "level" | "born" => vec!["matrix = [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0, 0.1, 0.9]]".to_owned()],
            _ => vec!["error = 'normal(mean = 0, sd = 2)'".to_owned()],
        }
    }

    /// A condition under which a question is asked.
    fn skip(&mut self, before: &[&str]) -> String {
        let mut ways = vec!["x", "age > 17", "wave > 1"];
        if before.contains(&"x") {
            ways.push("if(missing(reported(x)), false, reported(x))");
        }
        if before.contains(&"score") {
            ways.push("missing(reported(score))");
        }
        self.dice.pick(&ways).to_owned()
    }

    fn answer(&mut self, kind: &str) -> String {
        let p = self.within();
        let lasting = if self.dice.one_in(2) { "lasting = true\n" } else { "" };
        let keys = match kind {
            "forgetting" => "rate = 0.2\n".to_owned(),
            "telescoping" => format!("probability = {p}\n"),
            "trauma" => format!("who = 'age > 17'\nprobability = {p}\n{lasting}"),
            "nondisclosure" => format!("probability = {p}\n{lasting}"),
            "acquiescence" if self.dice.one_in(2) => format!("to = 'high'\nprobability = {p}\n"),
            "heaping" => format!("to = 5\nprobability = {p}\n{lasting}"),
            // It must be able to work on something.
            "seam" if !self.visits => return String::new(),
            _ => format!("probability = {p}\n"),
        };
        format!("[[survey.answer]]\nkind = '{kind}'\n{keys}")
    }

    /// Losses in an order of chance, but for the rules that an order has.
    fn losses(&mut self) -> String {
        let kinds: Vec<&str> = loss::catalogue().iter().map(|e| e.name).collect();
        let mut chosen = self.dice.some(kinds, 7);
        let first = |kind: &str| match kind {
            "refreshment" | "delayed_entry" => 0,
            "tracing" => 2,
            "site_loss" | "death" | "emigration" | "right_censoring" => 3,
            _ => 1,
        };
        // One case in four keeps an order that may be refused.
        if !self.dice.one_in(4) {
            chosen.sort_by_key(|kind| first(kind));
        }
        chosen.into_iter().map(|kind| self.loss(kind)).collect()
    }

    fn loss(&mut self, kind: &str) -> String {
        let p = self.before();
        let wave = 1 + self.dice.below(self.waves);
        let returns = if self.dice.one_in(2) { "returns = 0.5\n" } else { "" };
        let keys = match kind {
            "refreshment" => format!("group = 'b'\nwave = {wave}\n"),
            "delayed_entry" => "probability = 0.7\n".to_owned(),
            "consent" => {
                let data = self.dice.pick(&["keep", "erase"]);
                self.erases |= data == "erase";
                format!("adult = {p}\nminor = 0.2\nmajority = 0.3\ndata = '{data}'\n")
            }
            "dropout" if self.dice.one_in(2) => "rate = '0.2 * exp(0.5 * x)'\nfrom_wave = 1\n".to_owned(),
            "intermittent" => format!("probability = {p}\n{returns}"),
            "tracing" => "probability = 0.5\nlater = 0.2\n".to_owned(),
            "site_loss" if !self.sites => return String::new(),
            "site_loss" => format!("probability = '0.3 * (wave > 1)'\n{returns}"),
            "death" => "probability = '0.1 * y'\nfrom_wave = 1\n".to_owned(),
            "right_censoring" => format!("after_wave = {wave}\nwho = \"group == 'a'\"\n"),
            "item_non_response" => format!("probability = {}\nitems = ['x']\n", self.within()),
            _ => format!("probability = {p}\n"),
        };
        format!("[[survey.loss]]\nkind = '{kind}'\n{keys}")
    }

    fn comments(&mut self) -> String {
        if self.dice.one_in(2) {
            return String::new();
        }
        let mut text = format!(
            "[[survey.comment]]\nname = 'family, \"kin\"'\ncount = 'poisson(mean = 0.8)'\npositive = {}\ntoward = 0.5\n\
             relation = \"categorical(mother = 0.6, '=friend' = rest)\"\n\
             [[survey.comment]]\nname = 'work'\ncount = 'poisson(mean = if(x, 0.9, 0.1))'\nto_wave = 2\n\
             [[survey.comment]]\nname = 'else'\ntheme = false\ncount = 'poisson(mean = 0.5)'\n",
            self.within()
        );
        for coder in ["A", "B"].into_iter().take(self.dice.below(3) as usize) {
            write!(text, "[[survey.coder]]\nname = '{coder}'\nsensitivity = 0.8\nspecificity = {{ work = 0.9 }}\n")
                .unwrap();
        }
        text
    }

    fn sets(&mut self) -> String {
        if self.dice.one_in(2) {
            return String::new();
        }
        let last = 1 + self.dice.below(self.waves);
        format!(
            "[[survey.set]]\nname = 'assessed'\nprobability = 'if(x, 0.8, 0.4)'\n\
             [[survey.set]]\nname = 'told'\nneeds = 'assessed'\nwhere = 'not missing(recorded(x, wave = {last})) and contacts > 0'\n"
        )
    }

    fn linkage(&mut self) -> String {
        let within = self.dice.pick(&["", "within = 'group'\n", "within = 'site'\n"]);
        let within = if self.sites { within } else { "" };
        let p = self.before();
        self.linked = !self.dice.one_in(3);
        match (self.linked, self.dice.below(2)) {
            (false, _) => String::new(),
            (true, 0) => {
                let all = [
                    ("all_lost_at", "[2]".to_owned()),
                    ("lost", p),
                    ("false_match", "0.15".to_owned()),
                    ("merged", "0.2".to_owned()),
                    ("typing", "0.1".to_owned()),
                    ("duplicates", "0.1".to_owned()),
                ];
                let keys: String =
                    self.dice.some(all.to_vec(), 6).into_iter().map(|(k, v)| format!("{k} = {v}\n")).collect();
                let within = if keys.contains("false_match") { within } else { "" };
                format!("[survey.linkage]\nkind = 'numbers'\n{keys}{within}")
            }
            (true, _) => format!(
                "[survey.linkage]\nkind = 'codes'\nelements = [{{ name = 'first letter', values = 20 }}, \
                 {{ name = 'day', values = 31 }}, {{ name = 'sisters', weights = [5, 3, 1] }}]\n\
                 error = 'beta(a = 0.4, b = 8)'\nallow = {}\n{within}",
                self.dice.below(2)
            ),
        }
    }
}
