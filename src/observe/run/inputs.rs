//! The columns that survey formulas read.

use super::super::scope::Meaning;
use super::buffers::Buffers;
use super::field::Field;
use super::when::When;
use crate::formula::Input;
use crate::tables::Column;
use crate::tables::observed::AnswerColumn;
use std::ops::Range;

impl Field<'_> {
    /// Works out what `inputs` cannot show as it lies: gathered moments, ages, sites, and all of it where only some rows
    /// of the chunk are wanted.
    pub(super) fn fill(&self, slots: &[u32], when: &When<'_>, rows: &Range<usize>, buffers: &mut Buffers) {
        let plan = self.plan;
        buffers.numbers.resize_with(plan.meanings.len(), Vec::new);
        buffers.gathered.resize_with(plan.meanings.len(), Vec::new);
        buffers.by_site.resize_with(plan.meanings.len(), Vec::new);
        buffers.means_of.resize(plan.meanings.len(), None);
        if buffers.contact_values.is_empty() {
            buffers.contact_values = (0..256).map(f64::from).collect();
            buffers.group_values = (0..plan.groups.len()).map(|g| g as f64).collect();
        }
        let truth = self.truth;
        let members = || when.members(rows.len());
        for slot in slots {
            let at = *slot as usize;
            let numbers = &mut buffers.numbers[at];
            match plan.meanings[at] {
                Meaning::Now(v) if self.differs(v, when) => self.gather(v, when, rows, buffers, at),
                Meaning::Age(v) => {
                    let age = |i| truth.at(v, 0).value(rows.start + i) + truth.schema.years(when.moment_of(i));
                    refill(numbers, members().map(age));
                }
                Meaning::Since(v) => {
                    let since = |moment: usize| truth.since[v].get(moment);
                    let years = |i| since(when.moment_of(i)).map_or(f64::NAN, |moment| moment[rows.start + i]);
                    refill(numbers, members().map(years));
                }
                Meaning::Time if when.moments.is_some() => {
                    refill(numbers, members().map(|i| truth.schema.years(when.moment_of(i))));
                }
                Meaning::SiteMean(v) if buffers.means_of[at] != Some((buffers.epoch, when.moment)) => {
                    buffers.means_of[at] = Some((buffers.epoch, when.moment));
                    self.site_means(v, when.moment, &mut buffers.by_site[at]);
                }
                Meaning::Site => {
                    let sites = self.sites();
                    let count = plan.truth.sites.len();
                    refill(&mut buffers.by_site[at], (0..sites).map(|s| (s % count.max(1)) as f64).chain([f64::NAN]));
                }
                _ => {}
            }
            match plan.meanings[at] {
                Meaning::SiteEffect(_) | Meaning::Site => {
                    self.fill_sites(&mut buffers.sites, when, rows, |i| when.moment_of(i));
                }
                Meaning::SiteMean(_) => self.fill_sites(&mut buffers.sites_at_wave, when, rows, |_| when.moment),
                _ => {}
            }
            if when.here.is_some() && !self.is_worked_out(at, when) {
                self.pick(at, when, rows, buffers);
            }
        }
    }

    /// Whether the rows of a chunk read a variable at different moments.
    fn differs(&self, v: usize, when: &When<'_>) -> bool {
        when.moments.is_some() && self.truth.schema.variables[v].changes
    }

    /// Whether `fill` works a slot out row by row, whether or not only some rows are wanted.
    fn is_worked_out(&self, at: usize, when: &When<'_>) -> bool {
        match self.plan.meanings[at] {
            Meaning::Now(v) => self.differs(v, when),
            Meaning::Time => when.moments.is_some(),
            Meaning::Age(_) | Meaning::Since(_) | Meaning::Site | Meaning::SiteMean(_) | Meaning::SiteEffect(_) => true,
            _ => false,
        }
    }

    /// Gathers the wanted rows of a column that lies as it is.
    fn pick(&self, at: usize, when: &When<'_>, rows: &Range<usize>, buffers: &mut Buffers) {
        let (mut codes, mut numbers) =
            (std::mem::take(&mut buffers.gathered[at]), std::mem::take(&mut buffers.numbers[at]));
        match self.input(at, when, rows, buffers) {
            Input::Coded(all, _) => refill(&mut codes, when.members(rows.len()).map(|i| all[i])),
            Input::Number(all) => refill(&mut numbers, when.members(rows.len()).map(|i| all[i])),
            Input::Constant(_) | Input::Indexed(..) => {}
        }
        (buffers.gathered[at], buffers.numbers[at]) = (codes, numbers);
    }

    /// The columns of several slots over the rows of a chunk, or those of them that are wanted, after `fill` was called
    /// for the same.
    pub(super) fn inputs<'b>(
        &'b self,
        slots: &[u32],
        when: &When<'_>,
        rows: &Range<usize>,
        buffers: &'b Buffers,
    ) -> Vec<Input<'b>> {
        let column = |slot: &u32| {
            let at = *slot as usize;
            let all = self.input(at, when, rows, buffers);
            if when.here.is_none() || self.is_worked_out(at, when) {
                return all;
            }
            match all {
                Input::Coded(_, values) => Input::Coded(&buffers.gathered[at], values),
                Input::Number(_) => Input::Number(&buffers.numbers[at]),
                all => all,
            }
        };
        slots.iter().map(column).collect()
    }

    fn input<'b>(&'b self, at: usize, when: &When<'_>, rows: &Range<usize>, buffers: &'b Buffers) -> Input<'b> {
        let truth = self.truth;
        match self.plan.meanings[at] {
            Meaning::Now(v) => match truth.at(v, when.moment) {
                Column::Coded { coding, .. } if self.differs(v, when) => {
                    Input::Coded(&buffers.gathered[at], &coding.values)
                }
                Column::Number(_) if self.differs(v, when) => Input::Number(&buffers.numbers[at]),
                column => column_input(column, rows),
            },
            Meaning::Lag(_) if when.wave == 0 => Input::Constant(f64::NAN),
            Meaning::Lag(v) => column_input(truth.at(v, self.plan.truth.waves[when.wave - 1]), rows),
            Meaning::Age(_) | Meaning::Since(_) => Input::Number(&buffers.numbers[at]),
            Meaning::Time if when.moments.is_some() => Input::Number(&buffers.numbers[at]),
            Meaning::Time => Input::Constant(truth.schema.years(when.moment)),
            Meaning::Wave => Input::Constant(when.wave as f64 + 1.0),
            Meaning::Group => Input::Coded(&truth.group[rows.clone()], &buffers.group_values),
            Meaning::Site => Input::Indexed(&buffers.sites, &buffers.by_site[at]),
            // At the wave nobody's site is empty.
            Meaning::SiteMean(_) => Input::Indexed(&buffers.sites_at_wave, &buffers.by_site[at]),
            Meaning::SiteEffect(e) => Input::Indexed(&buffers.sites, &truth.site_effects[e]),
            Meaning::Contacts => Input::Coded(&self.contacts[rows.clone()], &buffers.contact_values),
            Meaning::Mood => buffers.mood.get(..rows.len()).map_or(Input::Constant(f64::NAN), Input::Number),
            Meaning::Interviewer(e) => match buffers.interviewers.get(e).and_then(|b| b.get(..rows.len())) {
                Some(values) => Input::Number(values),
                None => Input::Constant(f64::NAN),
            },
            Meaning::SameInterviewer => yes_no_input(&buffers.same_interviewer, rows.len()),
            Meaning::OthersPresent => yes_no_input(&buffers.others_present, rows.len()),
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
        let columns = &self.truth.columns[v];
        let members = when.members(rows.len());
        match columns.first() {
            Some(Column::Coded { .. }) => {
                let code = |i: usize| match &columns[when.moment_of(i)] {
                    Column::Coded { codes, .. } => codes[rows.start + i],
                    Column::Number(_) => 0,
                };
                refill(&mut buffers.gathered[at], members.map(code));
            }
            _ => {
                let value = |i: usize| columns[when.moment_of(i)].value(rows.start + i);
                refill(&mut buffers.numbers[at], members.map(value));
            }
        }
    }

    /// Number of sites in all replicates of the batch.
    pub(super) fn sites(&self) -> usize {
        self.plan.truth.sites.len() * (self.truth.replicates.end - self.truth.replicates.start) as usize
    }

    /// The site of each row at its moment, through all replicates of the batch.
    fn fill_sites(&self, into: &mut Vec<u32>, when: &When<'_>, rows: &Range<usize>, moment: impl Fn(usize) -> usize) {
        let count = self.plan.truth.sites.len() as u32;
        let persons = self.plan.truth.persons;
        let none = self.sites() as u32;
        let site = |i: usize| {
            let row = rows.start + i;
            let site = self.truth.site_at(moment(i)).map_or(count, |sites| sites[row]);
            if site == count { none } else { (row / persons) as u32 * count + site }
        };
        refill(into, when.members(rows.len()).map(site));
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

/// Puts these values in place of what a buffer holds.
fn refill<T>(buffer: &mut Vec<T>, values: impl Iterator<Item = T>) {
    buffer.clear();
    buffer.extend(values);
}

/// Codes of no and yes of the interview; nothing before there is one.
fn yes_no_input(codes: &[u8], rows: usize) -> Input<'_> {
    codes.get(..rows).map_or(Input::Constant(f64::NAN), |codes| Input::Coded(codes, &[0.0, 1.0]))
}

fn column_input<'b>(column: &'b Column, rows: &Range<usize>) -> Input<'b> {
    match column {
        Column::Coded { codes, coding } => Input::Coded(&codes[rows.clone()], &coding.values),
        Column::Number(values) => Input::Number(&values[rows.clone()]),
    }
}
