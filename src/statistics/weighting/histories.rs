//! Who still answers: response histories made monotone.

/// Response histories of a panel, made monotone: from the first wave that a person misses on, the person is lost.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    persons: usize,
    waves: usize,
    answering: Vec<u8>,
    discarded: usize,
    never: usize,
}

impl Histories {
    /// Follows the persons. `responded` is 1 where a person answered, wave after wave (`waves` x `persons`); anything
    /// else, or a place that is not there, is a missed wave.
    pub fn follow(&mut self, responded: &[u8], persons: usize, waves: usize) {
        (self.persons, self.waves) = (persons, waves);
        (self.discarded, self.never) = (0, 0);
        self.answering.clear();
        self.answering.resize(persons * waves, 0);
        for place in 0..persons * waves {
            let answered = responded.get(place) == Some(&1);
            let before = place < persons || self.answering[place - persons] == 1;
            self.answering[place] = u8::from(answered && before);
            self.discarded += usize::from(answered && !before);
        }
        self.never = persons - self.remaining(0).min(persons);
    }

    /// Number of persons.
    #[must_use]
    pub fn persons(&self) -> usize {
        self.persons
    }

    /// Number of waves.
    #[must_use]
    pub fn waves(&self) -> usize {
        self.waves
    }

    /// 1 where a person still answers, wave after wave.
    #[must_use]
    pub fn answering(&self) -> &[u8] {
        &self.answering
    }

    /// 1 for the persons who still answer at a wave; nobody at a wave that does not exist.
    #[must_use]
    pub fn at(&self, wave: usize) -> &[u8] {
        let start = wave.saturating_mul(self.persons);
        self.answering.get(start..start.saturating_add(self.persons)).unwrap_or_default()
    }

    /// How many persons still answer at a wave.
    #[must_use]
    pub fn remaining(&self, wave: usize) -> usize {
        self.at(wave).iter().map(|a| usize::from(*a)).sum()
    }

    /// How many answers (persons at waves) came after a missed wave and do not count.
    #[must_use]
    pub fn discarded(&self) -> usize {
        self.discarded
    }

    /// How many persons did not answer at the first wave, and so count nowhere.
    #[must_use]
    pub fn never(&self) -> usize {
        self.never
    }
}
