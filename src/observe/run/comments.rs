//! What is said in an interview besides the answers, and how coders mark it.

use super::Scratch;
use super::field::{Field, wants_count};
use super::when::When;
use crate::formula::{Input, Program, Wanted};
use crate::observe::Keep;
use crate::observe::coding::{Comments, NEITHER, Source};
use crate::observe::plan::Plan;
use crate::observe::scope::Meaning;
use crate::rules::Chunk;
use crate::streams::{Own, Purpose, open_unit, stirred};
use crate::tables::audit::{MechanismCount, TrueComments};
use crate::tables::observed::CodedComments;
use crate::tables::{Audit, ObservedBatch, RunProblem};

/// Most comments on one theme in an interview, so that all of them can be numbered in 16 bits.
const MOST_COMMENTS: f64 = 255.0;

/// Words of a comment's block of draws: where it comes in the interview, whether it is positive, whether it goes toward.
const PLACE: usize = 0;
const POSITIVE: usize = 1;
const TOWARD: usize = 2;
/// Comments whose marks by one coder with one theme are drawn from one block.
const IN_BLOCK: usize = 4;

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
    /// Number among the comments of the chunk at the interview, as they were made.
    made: u32,
    valence: u8,
    direction: u8,
    relation: u8,
}

/// A theme that a coder saw in a comment, with what goes with the comment so far as the theme has such.
#[derive(Clone, Copy, Debug)]
struct Mark {
    row: u32,
    wave: u16,
    visit: u16,
    number: u16,
    coder: u8,
    theme: u8,
    valence: u8,
    direction: u8,
    relation: u8,
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
        self.marks.retain(|mark| rows.binary_search(&(mark.row as usize)).is_err());
    }

    /// Gives the comments to the audit and the marks to the observed data, both in the order of records, waves, visits
    /// and comments.
    pub fn hand_over(&mut self, plan: &Plan, observed: &mut ObservedBatch, audit: &mut Audit) {
        let Some(comments) = plan.comments.as_ref() else { return };
        // They came wave by wave, in each visit by visit, in each row by row.
        let rows = observed.group.len();
        self.said = by_row(&self.said, rows, |said| said.row);
        self.marks = by_row(&self.marks, rows, |mark| mark.row);
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
        observed.comments = CodedComments {
            row: marks.iter().map(|m| m.row).collect(),
            wave: marks.iter().map(|m| m.wave).collect(),
            visit: marks.iter().map(|m| m.visit).collect(),
            number: marks.iter().map(|m| m.number).collect(),
            coder: marks.iter().map(|m| m.coder).collect(),
            theme: marks.iter().map(|m| m.theme).collect(),
            valence: marks.iter().map(|m| m.valence).collect(),
            direction: marks.iter().map(|m| m.direction).collect(),
            relation: marks.iter().map(|m| m.relation).collect(),
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

/// Which coders have marked which comments of a chunk at an interview with which themes.
struct Seen {
    themes: usize,
    /// Words of 64 bits for each comment; a bit for each theme of each coder.
    words: usize,
    bits: Vec<u64>,
}

impl Seen {
    fn new(comments: &Comments) -> Self {
        let themes = comments.themes.len();
        Self { themes, words: (themes * comments.coders.len()).div_ceil(64), bits: Vec::new() }
    }

    /// So many more comments have been made.
    fn make_room(&mut self, comments: usize) {
        self.bits.resize(self.bits.len() + comments * self.words, 0);
    }

    fn mark(&mut self, comment: &Said, pair: usize) {
        self.bits[comment.made as usize * self.words + pair / 64] |= 1 << (pair % 64);
    }

    /// The marks of a comment, coder by coder and theme by theme.
    fn marks<'a>(&'a self, comments: &'a Comments, comment: &'a Said) -> impl Iterator<Item = Mark> + use<'a> {
        let first = comment.made as usize * self.words;
        let pairs = self.bits[first..first + self.words].iter().enumerate().flat_map(|(word, bits)| {
            let rest = std::iter::successors(Some(*bits), |bits| Some(bits & bits.wrapping_sub(1)));
            rest.take_while(|bits| *bits != 0).map(move |bits| word * 64 + bits.trailing_zeros() as usize)
        });
        pairs.map(|pair| {
            let (coder, theme) = (pair / self.themes, pair % self.themes);
            // A mark tells only what its theme has, so that it does not give away the theme of the comment.
            let source = &comments.sources[comments.themes[theme]];
            let told = |has: bool, value: u8| if has { value } else { NEITHER };
            Mark {
                row: comment.row,
                wave: comment.wave,
                visit: comment.visit,
                number: comment.number,
                coder: coder as u8,
                theme: theme as u8,
                valence: told(source.positive.is_some(), comment.valence),
                direction: told(source.toward.is_some(), comment.direction),
                relation: told(source.relation.is_some(), comment.relation),
            }
        })
    }
}

/// In the order of rows, and within a row as they came.
fn by_row<T: Copy>(all: &[T], rows: usize, row_of: impl Fn(&T) -> u32) -> Vec<T> {
    let mut next = vec![0_u32; rows + 1];
    all.iter().for_each(|one| next[row_of(one) as usize + 1] += 1);
    for row in 0..rows {
        next[row + 1] += next[row];
    }
    let mut order = vec![0_u32; all.len()];
    for (position, one) in (0..).zip(all) {
        let at = &mut next[row_of(one) as usize];
        order[*at as usize] = position;
        *at += 1;
    }
    order.iter().map(|position| all[*position as usize]).collect()
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
        let Some(comments) = plan.comments.as_ref().filter(|_| self.hears(when.wave)) else { return Ok(()) };
        let mut said = Vec::new();
        let mut seen = Seen::new(comments);
        let here = away.iter().map(|away| u64::from(*away == 0)).sum();
        for (source, declared) in comments.sources.iter().enumerate() {
            if declared.waves.contains(when.wave) {
                let before = said.len();
                self.say(source, declared, when, chunk, away, scratch, &mut said)?;
                self.look(comments, when, &said[before..], &mut seen);
                self.count(comments.first_mechanism + source, when.wave, here, (said.len() - before) as u64);
            }
        }
        // In an interview the themes come in no order that would tell them apart.
        let mut said = by_row(&said, chunk.rows.len(), |c| c.row - chunk.rows.start as u32);
        for interview in said.chunk_by_mut(|a, b| a.row == b.row) {
            interview.sort_unstable_by_key(|c| (c.place, c.source, c.within));
            for (number, comment) in interview.iter_mut().enumerate() {
                comment.number = number as u16;
                self.talk.marks.extend(seen.marks(comments, comment));
            }
        }
        if self.keep.cells() {
            self.talk.said.extend(said);
        }
        Ok(())
    }

    /// Whether what is said at a wave is wanted.
    fn hears(&self, wave: usize) -> bool {
        self.tells(wave) && !(self.keep.only_tables() && self.plan.printed.coder.is_none())
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
        let of: Vec<u32> = (0..).zip(&counts).flat_map(|(i, n)| std::iter::repeat_n(i, usize::from(*n))).collect();
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
        for of in of.chunk_by(|a, b| a == b) {
            let i = of[0] as usize;
            let row = chunk.rows.start + i;
            let draws = self.own(declared.purpose, when, row);
            for within in 0..counts[i] {
                let words = draws.block(u32::from(within));
                let happens = |chance: &Option<Vec<f64>>, what: usize| {
                    chance.as_ref().map_or(NEITHER, |p| u8::from(open_unit(words[what]) < p[comment]))
                };
                said.push(Said {
                    row: row as u32,
                    wave: when.wave as u16,
                    visit: (when.occasion & 0xFF) as u16,
                    number: 0,
                    source: source as u8,
                    within,
                    place: words[PLACE],
                    made: said.len() as u32,
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
        for i in when.members(chunk.rows.len()).filter(|i| away[*i] == 0) {
            let (row, number) = (chunk.rows.start + i, numbers[i]);
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
        of: &[u32],
        relations: &[f64],
        scratch: &mut Scratch,
    ) -> Result<Vec<f64>, RunProblem> {
        let own = when.only(of);
        self.fill(program.slots(), &own, &chunk.rows, &mut scratch.buffers);
        let mut inputs = self.inputs(program.slots(), &own, &chunk.rows, &scratch.buffers);
        for (input, slot) in inputs.iter_mut().zip(program.slots()) {
            if self.plan.meanings[*slot as usize] == Meaning::Relation {
                *input = Input::Number(relations);
            }
        }
        let mut values = vec![0.0; of.len()];
        program.evaluate(&inputs, &mut values, &mut scratch.formula);
        for (value, i) in values.iter_mut().zip(of) {
            let Some(usable) = Wanted::Probability.usable(*value) else {
                let text = program.text();
                let row = chunk.rows.start + *i as usize;
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
        // The first comment of each person who makes some.
        let mut first = 0;
        let mut speakers: Vec<(u32, usize)> = Vec::new();
        for (i, count) in (0..).zip(counts).filter(|(_, count)| **count > 0) {
            speakers.push((i, first));
            first += usize::from(*count);
        }
        let mut levels = vec![0.0; first];
        let mut drawn = vec![0.0; chunk.rows.len()];
        let nobody = vec![0; chunk.rows.len()];
        for number in 0.. {
            speakers.retain(|(i, _)| number < usize::from(counts[*i as usize]));
            if speakers.is_empty() {
                break;
            }
            let here: Vec<u32> = speakers.iter().map(|(i, _)| *i).collect();
            let purpose = declared.relation_purpose(number);
            self.draw((law, purpose), &when.only(&here), chunk, &nobody, &mut drawn, scratch)?;
            for (i, first) in &speakers {
                levels[first + number] = drawn[*i as usize];
            }
        }
        Ok(levels)
    }

    /// Every coder sees every comment of a source and marks it with each theme or not, by a draw of its own.
    fn look(&mut self, comments: &Comments, when: &When<'_>, said: &[Said], seen: &mut Seen) {
        let Some(source) = said.first().map(|comment| usize::from(comment.source)) else { return };
        let (themes, waves) = (comments.themes.len(), self.plan.truth.waves.len());
        seen.make_room(said.len());
        let only = self.keep.only_tables().then_some(self.plan.printed.coder);
        let wanted = |coder: usize| only.is_none_or(|only| only == Some(coder));
        let mut marked = vec![0_u64; themes];
        for (c, coder) in comments.coders.iter().enumerate().filter(|(c, _)| wanted(*c)) {
            let glance = &coder.glances[source];
            marked.fill(0);
            for of_person in said.chunk_by(|a, b| a.row == b.row) {
                let draws = glance.needs_draws.then(|| self.own(glance.purpose, when, of_person[0].row as usize));
                for (block, few) in (0..).zip(of_person.chunks(IN_BLOCK)) {
                    let words = draws.as_ref().map_or([0; IN_BLOCK], |draws| draws.block(block));
                    for (comment, word) in few.iter().zip(words) {
                        for (theme, chance, key) in &glance.marks {
                            if *chance >= 1.0 || open_unit(stirred(word, *key)) < *chance {
                                seen.mark(comment, c * themes + theme);
                                marked[*theme] += 1;
                            }
                        }
                    }
                }
            }
            let all = said.len() as u64;
            for (k, marked) in marked.iter().enumerate() {
                let tally = &mut self.talk.tallies[(c * themes + k) * waves + when.wave];
                let is_theme = comments.themes[k] == source;
                let counted = if is_theme { &mut tally.sensitivity } else { &mut tally.specificity };
                counted.0 += all;
                counted.1 += if is_theme { *marked } else { all - marked };
            }
        }
    }

    /// A person's own draws for a purpose at an interview.
    fn own(&self, purpose: Purpose, when: &When<'_>, row: usize) -> Own {
        let person = &self.people[row];
        self.streams.own(&person.lane(purpose, when.occasion), person.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_those_who_are_erased_no_mark_is_left() {
        let said = Said {
            row: 1,
            wave: 0,
            visit: 0,
            number: 0,
            source: 0,
            within: 0,
            place: 0,
            made: 0,
            valence: NEITHER,
            direction: NEITHER,
            relation: NEITHER,
        };
        let mark = |row: u32| Mark {
            row,
            wave: 0,
            visit: 0,
            number: 0,
            coder: 0,
            theme: 0,
            valence: NEITHER,
            direction: NEITHER,
            relation: NEITHER,
        };
        let mut talk = Talk { said: vec![said], marks: [4, 1, 2, 1].map(mark).to_vec(), tallies: Vec::new() };
        talk.forget(&[1, 3]);
        let rows: Vec<u32> = talk.marks.iter().map(|mark| mark.row).collect();
        assert_eq!((rows, talk.said.len()), (vec![4, 2], 1));
    }
}
