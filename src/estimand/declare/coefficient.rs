//! Reading the keys of a coefficient.

use super::Reader;
use crate::options::OptionValue;
use crate::statistics::regression::{Family, Link, Model};
use crate::tables::Quantity;

/// Words of families, each with its own link where no other is named.
const FAMILIES: [(&str, Family); 5] = [
    ("linear", Family::Gaussian),
    ("gaussian", Family::Gaussian),
    ("logistic", Family::Binomial),
    ("binomial", Family::Binomial),
    ("poisson", Family::Poisson),
];

const LINKS: [(&str, Link); 5] = [
    ("identity", Link::Identity),
    ("log", Link::Log),
    ("logit", Link::Logit),
    ("probit", Link::Probit),
    ("cloglog", Link::Cloglog),
];

impl Reader<'_> {
    /// A coefficient with its own keys.
    pub(super) fn coefficient(&mut self) -> Option<Quantity> {
        let waves = self.waves();
        let (model, term) = (self.model("model"), self.model("term"));
        let family = self.choice("family", &FAMILIES.map(|(word, _)| word));
        let link = self.options.choice("link", &LINKS.map(|(word, _)| word), self.problems);
        let family = FAMILIES.get(family?)?.1;
        let link = match self.options.get("link") {
            None => family.canonical(),
            Some(_) => LINKS.get(link?)?.1,
        };
        self.check_link(family, link);
        Some(Quantity::Coefficient { waves: waves?, model: model?, term: term?.text, family, link })
    }

    /// Whether the family has the link (S0120).
    fn check_link(&mut self, family: Family, link: Link) {
        if let (None, Some(value)) = (Model::new(family, link), self.options.get("link")) {
            self.problems
                .error("S0120", value.span(), "`link` is not one of this `family`")
                .help("gaussian takes `identity`, poisson `log` and `identity`, binomial all");
        }
    }

    /// The waves of a coefficient: `wave`, or `waves` as a list or `"all"`; ascending, each once.
    fn waves(&mut self) -> Option<Vec<usize>> {
        let Some(value) = self.options.get("waves") else {
            return self.wave("wave").map(|wave| vec![wave]);
        };
        if let Some(wave) = self.options.get("wave") {
            self.problems
                .error("S0120", wave.span(), "`wave` cannot stand beside `waves`")
                .help("leave one of them out");
            return None;
        }
        if let OptionValue::Text(text) = value {
            if text.text != "all" {
                self.problems
                    .error("S0104", &text.span, format!("`waves` cannot be `{}`", text.text))
                    .help("write `waves = \"all\"`, or a list such as `waves = [1, 2, 3]`");
                return None;
            }
            return Some((0..self.truth.waves.len()).collect());
        }
        let texts = self.options.texts("waves", self.problems)?;
        if texts.is_empty() {
            self.problems.error("S0502", value.span(), "`waves` names no wave").help("waves are counted from 1");
        }
        let waves: Vec<Option<usize>> = texts.iter().map(|text| self.wave_in("waves", text)).collect();
        let mut waves = waves.into_iter().collect::<Option<Vec<usize>>>().filter(|waves| !waves.is_empty())?;
        waves.sort_unstable();
        waves.dedup();
        Some(waves)
    }
}
