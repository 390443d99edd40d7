//! The columns that survey formulas read.

use super::super::scope::Meaning;
use super::buffers::Buffers;
use super::field::Field;
use super::when::{When, local};
use crate::formula::Input;
use crate::tables::Column;
use crate::tables::observed::AnswerColumn;
use std::ops::Range;

impl Field<'_> {
    /// Works out what `inputs` cannot show as it lies: gathered moments, ages, sites.
    pub(super) fn fill(&self, slots: &[u32], when: &When<'_>, rows: &Range<usize>, buffers: &mut Buffers) {
        let plan = self.plan;
        buffers.numbers.resize_with(plan.meanings.len(), Vec::new);
        buffers.gathered.resize_with(plan.meanings.len(), Vec::new);
        buffers.by_site.resize_with(plan.meanings.len(), Vec::new);
        if buffers.contact_values.is_empty() {
            buffers.contact_values = (0..256).map(f64::from).collect();
            buffers.group_values = (0..plan.groups.len()).map(|g| g as f64).collect();
        }
        for slot in slots {
            let at = *slot as usize;
            match plan.meanings[at] {
                Meaning::Now(v) => self.gather(v, when, rows, buffers, at),
                Meaning::Age(v) => {
                    buffers.numbers[at].clear();
                    let truth = self.truth;
                    buffers.numbers[at].extend(
                        rows.clone()
                            .enumerate()
                            .map(|(i, row)| truth.at(v, 0).value(row) + truth.schema.years(moment_of(when, i))),
                    );
                }
                Meaning::Since(v) => {
                    let since = &self.truth.since[v];
                    buffers.numbers[at].clear();
                    buffers.numbers[at].extend(
                        rows.clone()
                            .enumerate()
                            .map(|(i, row)| since.get(moment_of(when, i)).map_or(f64::NAN, |moment| moment[row])),
                    );
                }
                Meaning::Time if when.moments.is_some() => {
                    buffers.numbers[at].clear();
                    let years = (0..rows.len()).map(|i| self.truth.schema.years(moment_of(when, i)));
                    buffers.numbers[at].extend(years);
                }
                Meaning::SiteMean(v) => self.site_means(v, when.moment, &mut buffers.by_site[at]),
                Meaning::Site => {
                    let sites = self.sites();
                    let count = plan.truth.sites.len();
                    buffers.by_site[at].clear();
                    buffers.by_site[at].extend((0..sites).map(|s| (s % count.max(1)) as f64).chain([f64::NAN]));
                }
                _ => {}
            }
            match plan.meanings[at] {
                Meaning::SiteEffect(_) | Meaning::Site => {
                    self.fill_sites(&mut buffers.sites, rows, |i| moment_of(when, i))
                }
                Meaning::SiteMean(_) => self.fill_sites(&mut buffers.sites_at_wave, rows, |_| when.moment),
                _ => {}
            }
        }
    }

    /// The columns of several slots over `rows` of the chunk `chunk`, after `fill` was called for the chunk.
    pub(super) fn inputs<'b>(
        &'b self,
        slots: &[u32],
        when: &When<'_>,
        rows: &Range<usize>,
        chunk: &Range<usize>,
        buffers: &'b Buffers,
    ) -> Vec<Input<'b>> {
        slots.iter().map(|slot| self.input(*slot as usize, when, rows, chunk, buffers)).collect()
    }

    fn input<'b>(
        &'b self,
        at: usize,
        when: &When<'_>,
        rows: &Range<usize>,
        chunk: &Range<usize>,
        buffers: &'b Buffers,
    ) -> Input<'b> {
        let truth = self.truth;
        let here = local(rows, chunk);
        match self.plan.meanings[at] {
            Meaning::Now(v) => match (truth.at(v, when.moment), when.moments) {
                (Column::Coded { coding, .. }, Some(_)) if truth.schema.variables[v].changes => {
                    Input::Coded(&buffers.gathered[at][here], &coding.values)
                }
                (Column::Number(_), Some(_)) if truth.schema.variables[v].changes => {
                    Input::Number(&buffers.numbers[at][here])
                }
                (column, _) => column_input(column, rows),
            },
            Meaning::Lag(_) if when.wave == 0 => Input::Constant(f64::NAN),
            Meaning::Lag(v) => column_input(truth.at(v, self.plan.truth.waves[when.wave - 1]), rows),
            Meaning::Age(_) | Meaning::Since(_) => Input::Number(&buffers.numbers[at][here]),
            Meaning::Time if when.moments.is_some() => Input::Number(&buffers.numbers[at][here]),
            Meaning::Time => Input::Constant(truth.schema.years(when.moment)),
            Meaning::Wave => Input::Constant(when.wave as f64 + 1.0),
            Meaning::Group => Input::Coded(&truth.group[rows.clone()], &buffers.group_values),
            Meaning::Site => Input::Indexed(&buffers.sites[here], &buffers.by_site[at]),
            // At the wave nobody's site is empty.
            Meaning::SiteMean(_) => Input::Indexed(&buffers.sites_at_wave[here], &buffers.by_site[at]),
            Meaning::SiteEffect(e) => Input::Indexed(&buffers.sites[here], &truth.site_effects[e]),
            Meaning::Contacts => Input::Coded(&self.contacts[rows.clone()], &buffers.contact_values),
            Meaning::Mood => buffers.mood.get(here).map_or(Input::Constant(f64::NAN), Input::Number),
            Meaning::Interviewer(e) => match buffers.interviewers.get(e).and_then(|b| b.get(here)) {
                Some(values) => Input::Number(values),
                None => Input::Constant(f64::NAN),
            },
            Meaning::SameInterviewer => yes_no_input(&buffers.same_interviewer, here),
            Meaning::OthersPresent => yes_no_input(&buffers.others_present, here),
            Meaning::Trust => Input::Number(&self.trust[rows.clone()]),
            // It is one of a comment, not of a person.
            Meaning::Relation => Input::Constant(f64::NAN),
            Meaning::Reported(item) => self.answer_input(item, &self.reported[item], rows),
            Meaning::Recorded(_, wave) if wave >= when.wave && !self.is_over => Input::Constant(f64::NAN),
            Meaning::Recorded(item, wave) => self.answer_input(item, &self.observed.answers[item][wave], rows),
        }
    }

    fn answer_input<'b>(&'b self, item: usize, answers: &'b AnswerColumn, rows: &Range<usize>) -> Input<'b> {
        match (answers, &self.plan.items[item].coding) {
            (AnswerColumn::Coded(codes), Some(coding)) => Input::Coded(&codes[rows.clone()], &coding.values),
            (AnswerColumn::Number(values), _) => Input::Number(&values[rows.clone()]),
            (AnswerColumn::Coded(_), None) => Input::Constant(f64::NAN),
        }
    }

    /// Gathers a state where the rows are interviewed at different moments.
    fn gather(&self, v: usize, when: &When<'_>, rows: &Range<usize>, buffers: &mut Buffers, at: usize) {
        let (Some(moments), true) = (when.moments, self.truth.schema.variables[v].changes) else { return };
        let columns = &self.truth.columns[v];
        match columns.first() {
            Some(Column::Coded { .. }) => {
                buffers.gathered[at].clear();
                buffers.gathered[at].extend(rows.clone().zip(moments).map(|(row, m)| match &columns[*m as usize] {
                    Column::Coded { codes, .. } => codes[row],
                    Column::Number(_) => 0,
                }));
            }
            _ => {
                buffers.numbers[at].clear();
                let values = rows.clone().zip(moments).map(|(row, m)| columns[*m as usize].value(row));
                buffers.numbers[at].extend(values);
            }
        }
    }

    /// Number of sites in all replicates of the batch.
    pub(super) fn sites(&self) -> usize {
        self.plan.truth.sites.len() * (self.truth.replicates.end - self.truth.replicates.start) as usize
    }

    /// The site of each row at its moment, through all replicates of the batch.
    fn fill_sites(&self, into: &mut Vec<u32>, rows: &Range<usize>, moment: impl Fn(usize) -> usize) {
        let count = self.plan.truth.sites.len() as u32;
        let persons = self.plan.truth.persons;
        let none = self.sites() as u32;
        into.clear();
        into.extend(rows.clone().enumerate().map(|(i, row)| {
            let site = self.truth.site_at(moment(i)).map_or(count, |sites| sites[row]);
            if site == count { none } else { (row / persons) as u32 * count + site }
        }));
    }

    /// The mean of a state over each site of the batch at a moment.
    fn site_means(&self, v: usize, moment: usize, means: &mut Vec<f64>) {
        let sites = self.sites();
        let count = self.plan.truth.sites.len();
        let mut persons = vec![0.0; sites + 1];
        means.clear();
        means.resize(sites + 1, 0.0);
        let column = self.truth.at(v, moment);
        if let Some(site) = self.truth.site_at(moment) {
            for (row, site) in site.iter().enumerate() {
                let site = *site as usize;
                let at = if site == count { sites } else { row / self.plan.truth.persons * count + site };
                persons[at] += 1.0;
                means[at] += column.value(row);
            }
        }
        for (mean, n) in means.iter_mut().zip(&persons) {
            *mean /= n;
        }
        means[sites] = f64::NAN;
    }
}

/// The recorded moment of row `i` of the chunk.
fn moment_of(when: &When<'_>, i: usize) -> usize {
    when.moments.map_or(when.moment, |moments| moments[i] as usize)
}

/// Codes of no and yes of the interview; nothing before there is one.
fn yes_no_input(codes: &[u8], here: Range<usize>) -> Input<'_> {
    codes.get(here).map_or(Input::Constant(f64::NAN), |codes| Input::Coded(codes, &[0.0, 1.0]))
}

fn column_input<'b>(column: &'b Column, rows: &Range<usize>) -> Input<'b> {
    match column {
        Column::Coded { codes, coding } => Input::Coded(&codes[rows.clone()], &coding.values),
        Column::Number(values) => Input::Number(&values[rows.clone()]),
    }
}
