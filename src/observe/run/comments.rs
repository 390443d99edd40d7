//! What is said in an interview besides the answers, and how coders mark it.

use super::Scratch;
use super::field::{Field, wants_count};
use super::when::When;
use crate::formula::{Input, Program, Wanted};
use crate::observe::Keep;
use crate::observe::coding::{Comments, NEITHER, Source};
use crate::observe::plan::Plan;
use crate::observe::scope::Meaning;
use crate::rules::{Chunk, value_at};
use crate::streams::{Own, Purpose, open_unit};
use crate::tables::audit::{MechanismCount, TrueComments};
use crate::tables::observed::CodedComments;
use crate::tables::{Audit, ObservedBatch, RunProblem};

/// Most comments on one theme in an interview, so that all of them can be numbered in 16 bits.
const MOST_COMMENTS: f64 = 255.0;

/// Words of a comment's draws: where it comes in the interview, whether it is positive, whether it goes toward.
const WORDS: u32 = 4;
const PLACE: u32 = 0;
const POSITIVE: u32 = 1;
const TOWARD: u32 = 2;

/// A comment that was made.
#[derive(Clone, Copy, Debug)]
struct Said {
    row: u32,
    wave: u16,
    visit: u16,
    /// Number in the interview.
    number: u16,
    source: u8,
    /// Number among the comments of its source in the interview.
    within: u8,
    /// A draw that says where in the interview it comes.
    place: u64,
    valence: u8,
    direction: u8,
    relation: u8,
}

/// A theme that a coder saw in a comment.
#[derive(Clone, Copy, Debug)]
struct Mark {
    of: Said,
    coder: u8,
    theme: u8,
}

/// Marks of a coder on comments of a theme, and no marks on others: at risk, happened.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    sensitivity: (u64, u64),
    specificity: (u64, u64),
}

/// All that has been said so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Talk {
    said: Vec<Said>,
    marks: Vec<Mark>,
    /// By coder, theme and wave.
    tallies: Vec<Tally>,
}

impl Talk {
    /// Nothing has been said. Comments are made where single interviews are kept.
    pub fn new(plan: &Plan, keep: Keep) -> Self {
        let of = |c: &Comments| c.coders.len() * c.themes.len() * plan.truth.waves.len();
        let tallies = plan.comments.as_ref().filter(|_| keep.interviews()).map_or(0, of);
        Self { tallies: vec![Tally::default(); tallies], ..Self::default() }
    }

    /// No mark of these rows is left.
    pub fn forget(&mut self, rows: &[usize]) {
        self.marks.retain(|mark| rows.binary_search(&(mark.of.row as usize)).is_err());
    }

    /// Gives the comments to the audit and the marks to the observed data, both in the order of records, waves, visits
    /// and comments.
    pub fn hand_over(&mut self, plan: &Plan, observed: &mut ObservedBatch, audit: &mut Audit) {
        let Some(comments) = plan.comments.as_ref() else { return };
        // They came wave by wave, in each visit by visit, in each row by row.
        self.said.sort_by_key(|said| said.row);
        self.marks.sort_by_key(|mark| mark.of.row);
        let themes: Vec<u8> = (0..comments.sources.len()).map(|source| comments.theme_of(source)).collect();
        let said = &self.said;
        audit.comments = TrueComments {
            row: said.iter().map(|c| c.row).collect(),
            wave: said.iter().map(|c| c.wave).collect(),
            visit: said.iter().map(|c| c.visit).collect(),
            number: said.iter().map(|c| c.number).collect(),
            theme: said.iter().map(|c| themes[usize::from(c.source)]).collect(),
            valence: said.iter().map(|c| c.valence).collect(),
            direction: said.iter().map(|c| c.direction).collect(),
            relation: said.iter().map(|c| c.relation).collect(),
        };
        let marks = &self.marks;
        // A mark tells only what its theme has, so that it does not give away the theme of the comment.
        let told = |mark: &Mark, has: fn(&Source) -> bool, value: u8| {
            let theme = &comments.sources[comments.themes[usize::from(mark.theme)]];
            if has(theme) { value } else { NEITHER }
        };
        observed.comments = CodedComments {
            row: marks.iter().map(|m| m.of.row).collect(),
            wave: marks.iter().map(|m| m.of.wave).collect(),
            visit: marks.iter().map(|m| m.of.visit).collect(),
            number: marks.iter().map(|m| m.of.number).collect(),
            coder: marks.iter().map(|m| m.coder).collect(),
            theme: marks.iter().map(|m| m.theme).collect(),
            valence: marks.iter().map(|m| told(m, |theme| theme.positive.is_some(), m.of.valence)).collect(),
            direction: marks.iter().map(|m| told(m, |theme| theme.toward.is_some(), m.of.direction)).collect(),
            relation: marks.iter().map(|m| told(m, |theme| theme.relation.is_some(), m.of.relation)).collect(),
        };
    }

    /// Adds realised sensitivities and specificities to the audit.
    pub fn count(&self, plan: &Plan, audit: &mut Audit) {
        let Some(comments) = plan.comments.as_ref() else { return };
        let waves = plan.truth.waves.len().max(1);
        let pairs = comments.coders.iter().flat_map(|coder| comments.themes.iter().map(move |theme| (coder, theme)));
        for ((coder, theme), tallies) in pairs.zip(self.tallies.chunks(waves)) {
            let theme = &comments.sources[*theme].name;
            let mut add = |what: &str, counts: Vec<(u64, u64)>| {
                for (wave, (at_risk, happened)) in counts.into_iter().enumerate() {
                    let name = format!("coder {}, {what} for {theme}", coder.name);
                    audit.mechanisms.push(MechanismCount { name, wave: wave as u16 + 1, at_risk, happened });
                }
            };
            add("sensitivity", tallies.iter().map(|t| t.sensitivity).collect());
            add("specificity", tallies.iter().map(|t| t.specificity).collect());
        }
    }
}

impl Field<'_> {
    /// The comments of an interview with those of a chunk who are not `away`, and what coders make of them.
    pub(super) fn hear(
        &mut self,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<(), RunProblem> {
        let plan = self.plan;
        let Some(comments) = plan.comments.as_ref().filter(|_| self.keep.interviews()) else { return Ok(()) };
        let mut said = Vec::new();
        for (source, declared) in comments.sources.iter().enumerate() {
            if declared.waves.contains(when.wave) {
                let before = said.len();
                self.say(source, declared, when, chunk, away, scratch, &mut said)?;
                let here = away.iter().filter(|away| **away == 0).count() as u64;
                let made = (said.len() - before) as u64;
                self.count(comments.first_mechanism + source, when.wave, here, made);
            }
        }
        // In an interview the themes come in no order that would tell them apart.
        said.sort_unstable_by_key(|c: &Said| (c.row, c.place, c.source, c.within));
        for interview in said.chunk_by_mut(|a, b| a.row == b.row) {
            for (number, comment) in interview.iter_mut().enumerate() {
                comment.number = number as u16;
            }
        }
        self.code(comments, when, &said);
        if self.keep.cells() {
            self.talk.said.extend(said);
        }
        Ok(())
    }

    /// Adds the comments of one source.
    #[expect(clippy::too_many_arguments, reason = "what is said, when, by whom, and where it goes")]
    fn say(
        &self,
        source: usize,
        declared: &Source,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
        said: &mut Vec<Said>,
    ) -> Result<(), RunProblem> {
        let counts = self.count_comments(declared, when, chunk, away, scratch)?;
        let of: Vec<usize> = (0..).zip(&counts).flat_map(|(i, n)| std::iter::repeat_n(i, usize::from(*n))).collect();
        if of.is_empty() {
            return Ok(());
        }
        let relations = self.relations(declared, &counts, when, chunk, scratch)?;
        let mut chances = [None, None];
        for (chance, program) in chances.iter_mut().zip([&declared.positive, &declared.toward]) {
            if let Some(program) = program {
                *chance = Some(self.chances(program, when, chunk, &of, &relations, scratch)?);
            }
        }
        let codes = declared.relation.as_ref().map_or(&[][..], |(_, codes)| codes);
        let mut comment = 0;
        for (i, row) in chunk.rows.clone().enumerate().filter(|(i, _)| counts[*i] > 0) {
            let draws = self.own(declared.purpose, when, row);
            for within in 0..counts[i] {
                let word = |what: u32| draws.word(u32::from(within) * WORDS + what);
                let happens = |chance: &Option<Vec<f64>>, what: u32| {
                    chance.as_ref().map_or(NEITHER, |p| u8::from(open_unit(word(what)) < p[comment]))
                };
                said.push(Said {
                    row: row as u32,
                    wave: when.wave as u16,
                    visit: (when.occasion & 0xFF) as u16,
                    number: 0,
                    source: source as u8,
                    within,
                    place: word(PLACE),
                    valence: happens(&chances[0], POSITIVE),
                    direction: happens(&chances[1], TOWARD),
                    relation: relations.get(comment).and_then(|l| codes.get(*l as usize)).copied().unwrap_or(NEITHER),
                });
                comment += 1;
            }
        }
        Ok(())
    }

    /// How many comments of a source there are, person by person.
    fn count_comments(
        &self,
        declared: &Source,
        when: &When<'_>,
        chunk: &Chunk,
        away: &[u8],
        scratch: &mut Scratch,
    ) -> Result<Vec<u8>, RunProblem> {
        let law = &declared.count;
        let mut numbers = vec![0.0; chunk.rows.len()];
        self.draw((law, declared.counting), when, chunk, away, &mut numbers, scratch)?;
        let mut counts = vec![0; chunk.rows.len()];
        for (i, row) in chunk.rows.clone().enumerate().filter(|(i, _)| away[*i] == 0) {
            let number = numbers[i];
            if !(number.fract() == 0.0 && (0.0..=MOST_COMMENTS).contains(&number)) {
                let text = law.text();
                let problem = self.problem(&text.text, Some(text.span.clone()), number, row, when);
                return Err(wants_count(problem, number, "of comments on a theme in an interview", MOST_COMMENTS));
            }
            counts[i] = number as u8;
        }
        Ok(counts)
    }

    /// A probability, comment by comment, where `of` are the persons who made them and `relations` whom they are about.
    fn chances(
        &self,
        program: &Program,
        when: &When<'_>,
        chunk: &Chunk,
        of: &[usize],
        relations: &[f64],
        scratch: &mut Scratch,
    ) -> Result<Vec<f64>, RunProblem> {
        self.fill(program.slots(), when, &chunk.rows, &mut scratch.buffers);
        let inputs = self.inputs(program.slots(), when, &chunk.rows, &chunk.rows, &scratch.buffers);
        let columns: Vec<Vec<f64>> = (program.slots().iter().zip(&inputs))
            .map(|(slot, input)| match self.plan.meanings[*slot as usize] {
                Meaning::Relation => relations.to_vec(),
                _ => of.iter().map(|i| value_at(input, *i)).collect(),
            })
            .collect();
        let columns: Vec<Input<'_>> = columns.iter().map(|column| Input::Number(column)).collect();
        let mut values = vec![0.0; of.len()];
        program.evaluate(&columns, &mut values, &mut scratch.formula);
        for (value, i) in values.iter_mut().zip(of) {
            let Some(usable) = Wanted::Probability.usable(*value) else {
                let text = program.text();
                let row = chunk.rows.start + i;
                return Err(self.problem(&text.text, Some(text.span.clone()), *value, row, when));
            };
            *value = usable;
        }
        Ok(values)
    }

    /// Whom the comments are about, person by person and comment by comment: levels of the law. Nothing without a law.
    fn relations(
        &self,
        declared: &Source,
        counts: &[u8],
        when: &When<'_>,
        chunk: &Chunk,
        scratch: &mut Scratch,
    ) -> Result<Vec<f64>, RunProblem> {
        let Some((law, _)) = &declared.relation else { return Ok(Vec::new()) };
        let mut levels = vec![0.0; counts.iter().map(|n| usize::from(*n)).sum()];
        let mut drawn = vec![0.0; chunk.rows.len()];
        for number in 0..counts.iter().copied().max().unwrap_or(0) {
            let none: Vec<u8> = counts.iter().map(|count| u8::from(*count <= number)).collect();
            let purpose = declared.relation_purpose(usize::from(number));
            self.draw((law, purpose), when, chunk, &none, &mut drawn, scratch)?;
            let mut first = 0;
            for (count, level) in counts.iter().zip(&drawn) {
                if number < *count {
                    levels[first + usize::from(number)] = *level;
                }
                first += usize::from(*count);
            }
        }
        Ok(levels)
    }

    /// Every coder sees every comment and marks it with each theme or not.
    fn code(&mut self, comments: &Comments, when: &When<'_>, said: &[Said]) {
        let (themes, waves) = (comments.themes.len(), self.plan.truth.waves.len());
        for comment in said {
            let source = usize::from(comment.source);
            for (c, coder) in comments.coders.iter().enumerate() {
                for (k, skill) in coder.skills.iter().enumerate() {
                    let is_theme = comments.themes[k] == source;
                    let chance = if is_theme { skill.sensitivity } else { 1.0 - skill.specificity };
                    let marked = chance >= 1.0
                        || chance > 0.0 && {
                            let draws = self.own(skill.purposes[source], when, comment.row as usize);
                            open_unit(draws.word(u32::from(comment.within))) < chance
                        };
                    let tally = &mut self.talk.tallies[(c * themes + k) * waves + when.wave];
                    let counted = if is_theme { &mut tally.sensitivity } else { &mut tally.specificity };
                    counted.0 += 1;
                    counted.1 += u64::from(marked == is_theme);
                    if marked {
                        self.talk.marks.push(Mark { of: *comment, coder: c as u8, theme: k as u8 });
                    }
                }
            }
        }
    }

    /// A person's own draws for a purpose at an interview.
    fn own(&self, purpose: Purpose, when: &When<'_>, row: usize) -> Own {
        let segment = self.layout.segment_at(row);
        self.streams.own(&segment.lane(purpose, when.occasion), segment.index(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_those_who_are_erased_no_mark_is_left() {
        let said = |row: u32| Said {
            row,
            wave: 0,
            visit: 0,
            number: 0,
            source: 0,
            within: 0,
            place: 0,
            valence: NEITHER,
            direction: NEITHER,
            relation: NEITHER,
        };
        let marks = [4, 1, 2, 1].map(|row| Mark { of: said(row), coder: 0, theme: 0 }).to_vec();
        let mut talk = Talk { said: vec![said(1)], marks, tallies: Vec::new() };
        talk.forget(&[1, 3]);
        let rows: Vec<u32> = talk.marks.iter().map(|mark| mark.of.row).collect();
        assert_eq!((rows, talk.said.len()), (vec![4, 2], 1));
    }
}
