//! The folder `truth/`: what nobody who works with the data could know.

use super::block::Values;
use super::comments::{DIRECTIONS, VALENCES, named};
use super::records::{Delivery, Records};
use super::spread::Spread;
use crate::release::audit::{answer_text, true_text};
use crate::release::dirty::{DataError, KINDS};
use crate::release::field::{Cells, Field, FieldKind};
use crate::release::folder::Folder;
use crate::release::stretch::STRETCH;
use crate::release::table::Format;
use crate::release::truth::TruthTable;
use crate::tables::audit::Reason;
use crate::tables::{Audit, ObservedSchema, RunProblem, TruthSchema};

/// The tables of `truth/`.
pub(super) struct TruthFolder {
    truth: TruthTable,
    key: Spread,
    audit: Spread,
    mechanisms: Spread,
    circumstances: Spread,
    comments: Option<Spread>,
    errors: Option<Spread>,
    /// Realised counts of all replicates so far.
    realised: Audit,
}

fn integer(name: &str, about: &str) -> Field {
    Field::new(name, FieldKind::Integer, about)
}

fn replicate() -> Field {
    integer("replicate", "number of the simulated data set").range("from 0")
}

fn person() -> Field {
    integer("person", "number of the person in the replicate").range("from 1")
}

fn wave() -> Field {
    integer("wave", "number of the wave").range("from 1")
}

fn key_fields() -> Vec<Field> {
    let record = Field::new("record", FieldKind::Record, "code of the record");
    vec![replicate(), record, wave(), person()]
}

fn audit_fields(items: &[String]) -> Vec<Field> {
    vec![
        replicate(),
        person(),
        wave(),
        Field::new("item", FieldKind::Level(items.to_vec()), "name of the question"),
        Field::new("true", FieldKind::Text, "the true value at the wave"),
        Field::new("reported", FieldKind::Text, "what the survey holds; empty where there is no answer"),
        Field::new("reason", FieldKind::Level(reason_names()), "why it is not the true value"),
    ]
}

fn reason_names() -> Vec<String> {
    Reason::ALL.iter().map(|reason| reason.name().to_owned()).collect()
}

fn mechanism_fields() -> Vec<Field> {
    vec![
        Field::new("mechanism", FieldKind::Text, "name of the mechanism of the survey"),
        wave(),
        integer("at_risk", "persons, answers or sites on which it could have worked").range("0 or more"),
        integer("happened", "those on which it did").range("0 or more"),
        Field::new("rate", FieldKind::Number, "the realised rate: happened / at_risk").range("0 to 1"),
    ]
}

fn circumstance_fields() -> Vec<Field> {
    vec![
        replicate(),
        person(),
        wave(),
        integer("visit", "number of the interview in its wave").range("from 1"),
        Field::new("mood", FieldKind::Number, "mood of the interview"),
        Field::new("trust", FieldKind::Number, "trust at the start of the interview"),
    ]
}

fn comment_fields(themes: &[String], relations: &[String]) -> Vec<Field> {
    let themes = themes.iter().cloned().chain(["(none)".to_owned()]).collect();
    vec![
        replicate(),
        person(),
        wave(),
        integer("visit", "number of the interview in its wave").range("from 1"),
        integer("comment", "number of the comment in the interview").range("from 1"),
        Field::new("theme", FieldKind::Level(themes), "what it was about; `(none)` is no theme"),
        Field::new("valence", FieldKind::Level(named(&VALENCES)), "negative or positive"),
        Field::new("direction", FieldKind::Level(named(&DIRECTIONS)), "away or toward"),
        Field::new("relation", FieldKind::Level(relations.to_vec()), "about whom"),
    ]
}

fn error_fields() -> Vec<Field> {
    let kinds = KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    vec![
        replicate(),
        Field::new("kind", FieldKind::Level(kinds), "kind of error"),
        Field::new("table", FieldKind::Text, "the table of `data/`"),
        Field::new("record", FieldKind::Record, "code of the record, before any error"),
        Field::new("wave", FieldKind::Number, "wave of the row, before any error").range("from 1"),
        Field::new("column", FieldKind::Text, "the column; empty for errors of whole rows"),
        Field::new("before", FieldKind::Text, "the cell before this error"),
        Field::new("after", FieldKind::Text, "the cell after it"),
    ]
}

impl TruthFolder {
    pub(super) fn open(
        folder: &mut Folder,
        formats: &[Format],
        truth: &TruthSchema,
        schema: &ObservedSchema,
        dirty: bool,
    ) -> Result<Self, RunProblem> {
        let items: Vec<String> = schema.items.iter().map(|item| item.name.clone()).collect();
        let table = TruthTable::create_as(folder, "truth/truth", formats, truth)?;
        let mut open = |name: &str, fields: Vec<Field>| Spread::open(folder, format!("truth/{name}"), formats, &fields);
        Ok(Self {
            truth: table,
            key: open("key", key_fields())?,
            audit: open("audit", audit_fields(&items))?,
            mechanisms: open("mechanisms", mechanism_fields())?,
            circumstances: open("circumstances", circumstance_fields())?,
            comments: match &schema.comments {
                Some(comments) => Some(open("comments", comment_fields(&comments.themes, &comments.relations))?),
                None => None,
            },
            errors: if dirty { Some(open("errors", error_fields())?) } else { None },
            realised: Audit::default(),
        })
    }

    /// Adds what is behind a delivery, and the errors that were put into its tables.
    pub(super) fn add(
        &mut self,
        folder: &Folder,
        records: &Records<'_>,
        errors: &[DataError],
    ) -> Result<(), RunProblem> {
        let delivery = records.delivery;
        self.realised.add_counts(delivery.audit);
        self.true_histories(folder, delivery)?;
        self.keys(folder, records)?;
        self.differences(folder, records)?;
        self.circumstances(folder, delivery)?;
        self.true_comments(folder, delivery)?;
        self.errors(folder, errors)
    }

    fn true_histories(&mut self, folder: &Folder, delivery: &Delivery<'_>) -> Result<(), RunProblem> {
        self.truth.write_part(folder, delivery.truth, delivery.first_person)
    }

    fn keys(&mut self, folder: &Folder, records: &Records<'_>) -> Result<(), RunProblem> {
        let first = records.delivery.first_person as i64;
        let waves = records.schema().waves();
        for order in records.order.chunks(STRETCH) {
            let mut columns = [Vec::new(), Vec::new(), Vec::new()];
            let mut codes = Vec::new();
            for row in order {
                for wave in 0..waves {
                    let Some(person) = records.reasons.person(wave, *row as usize) else { continue };
                    codes.push(records.delivery.codes[*row as usize]);
                    columns[0].push(records.delivery.replicate());
                    columns[1].push(wave as i64 + 1);
                    columns[2].push(person as i64 + first + 1);
                }
            }
            let [replicate, wave, person] = &columns;
            let cells =
                [Cells::Integers(replicate), Cells::Records(&codes), Cells::Integers(wave), Cells::Integers(person)];
            self.key.write(folder, &cells)?;
        }
        Ok(())
    }

    /// A row per cell that is not the true value, item by item and wave by wave.
    fn differences(&mut self, folder: &Folder, records: &Records<'_>) -> Result<(), RunProblem> {
        let delivery = records.delivery;
        let (batch, truth) = (delivery.batch, delivery.truth);
        let first = delivery.first_person as i64;
        for (item, (variable, waves)) in records.schema().items.iter().zip(&delivery.audit.cells).enumerate() {
            let of_truth = truth.schema.variable(&variable.name);
            for (wave, reasons) in waves.iter().enumerate() {
                let rows = self.rows_of(records, wave, reasons.len());
                let moment = truth.schema.waves.get(wave);
                let true_column = of_truth.zip(moment).map(|(v, moment)| truth.at(v, *moment));
                let answers = batch.answers.get(item).and_then(|waves| waves.get(wave));
                let persons: Vec<usize> =
                    (0..reasons.len()).filter(|person| reasons[*person] != Reason::AsTrue as u8).collect();
                for persons in persons.chunks(STRETCH) {
                    let row = |person: &usize| rows.as_ref().map_or(Some(*person), |rows| rows[*person]);
                    let told = |person: &usize| match (answers, row(person)) {
                        (Some(answers), Some(row)) => answer_text(answers, variable.coding.as_deref(), row),
                        _ => String::new(),
                    };
                    let truth = |person: &usize| true_column.map_or(String::new(), |column| true_text(column, *person));
                    let cells = [
                        Values::Integers(vec![delivery.replicate(); persons.len()]),
                        Values::Integers(persons.iter().map(|person| *person as i64 + first + 1).collect()),
                        Values::Integers(vec![wave as i64 + 1; persons.len()]),
                        Values::LongCodes(vec![item as u32; persons.len()]),
                        Values::Texts(persons.iter().map(truth).collect()),
                        Values::Texts(persons.iter().map(told).collect()),
                        Values::Codes(persons.iter().map(|person| reasons[*person]).collect()),
                    ];
                    self.audit.write(folder, &cells.each_ref().map(Values::cells))?;
                }
            }
        }
        Ok(())
    }

    /// For each person the row of the record under which the answers of the wave stand; absent where records are
    /// persons.
    fn rows_of(&self, records: &Records<'_>, wave: usize, persons: usize) -> Option<Vec<Option<usize>>> {
        if records.delivery.audit.links.is_empty() {
            return None;
        }
        let mut rows = vec![None; persons];
        for row in (0..records.delivery.batch.group.len()).rev() {
            let person = records.reasons.person(wave, row);
            if let Some(slot) = person.and_then(|person| rows.get_mut(person)) {
                let attended = records.delivery.batch.attended[wave][row];
                if attended || slot.is_none() {
                    *slot = Some(row);
                }
            }
        }
        Some(rows)
    }

    fn circumstances(&mut self, folder: &Folder, delivery: &Delivery<'_>) -> Result<(), RunProblem> {
        let first = delivery.first_person as i64;
        for occasion in &delivery.audit.circumstances {
            let at = |list: &[f64], row: usize| list.get(row).copied().unwrap_or(f64::NAN);
            let known = |row: &usize| !at(&occasion.mood, *row).is_nan() || !at(&occasion.trust, *row).is_nan();
            let rows: Vec<usize> = (0..delivery.truth.group.len()).filter(known).collect();
            for rows in rows.chunks(STRETCH) {
                let cells = [
                    Values::Integers(vec![delivery.replicate(); rows.len()]),
                    Values::Integers(rows.iter().map(|row| *row as i64 + first + 1).collect()),
                    Values::Integers(vec![occasion.wave as i64 + 1; rows.len()]),
                    Values::Integers(vec![occasion.number as i64 + 1; rows.len()]),
                    Values::Numbers(rows.iter().map(|row| at(&occasion.mood, *row)).collect()),
                    Values::Numbers(rows.iter().map(|row| at(&occasion.trust, *row)).collect()),
                ];
                self.circumstances.write(folder, &cells.each_ref().map(Values::cells))?;
            }
        }
        Ok(())
    }

    fn true_comments(&mut self, folder: &Folder, delivery: &Delivery<'_>) -> Result<(), RunProblem> {
        let (Some(table), comments) = (&mut self.comments, &delivery.audit.comments) else { return Ok(()) };
        let first = delivery.first_person as i64;
        let all: Vec<usize> = (0..comments.row.len()).collect();
        for marks in all.chunks(STRETCH) {
            let counted = |list: &[u16]| Values::Integers(marks.iter().map(|m| i64::from(list[*m]) + 1).collect());
            let coded = |list: &[u8]| Values::Codes(marks.iter().map(|m| list[*m]).collect());
            let cells = [
                Values::Integers(vec![delivery.replicate(); marks.len()]),
                Values::Integers(marks.iter().map(|m| i64::from(comments.row[*m]) + first + 1).collect()),
                counted(&comments.wave),
                counted(&comments.visit),
                counted(&comments.number),
                coded(&comments.theme),
                coded(&comments.valence),
                coded(&comments.direction),
                coded(&comments.relation),
            ];
            table.write(folder, &cells.each_ref().map(Values::cells))?;
        }
        Ok(())
    }

    fn errors(&mut self, folder: &Folder, errors: &[DataError]) -> Result<(), RunProblem> {
        let Some(table) = &mut self.errors else { return Ok(()) };
        for errors in errors.chunks(STRETCH) {
            let kind = |error: &DataError| KINDS.iter().position(|k| k.name == error.kind).map_or(u8::MAX, |k| k as u8);
            let texts = |text: fn(&DataError) -> String| Values::Texts(errors.iter().map(text).collect());
            let cells = [
                Values::Integers(errors.iter().map(|error| error.replicate as i64).collect()),
                Values::Codes(errors.iter().map(kind).collect()),
                texts(|error| error.table.to_owned()),
                Values::Records(errors.iter().map(|error| error.record).collect()),
                Values::Numbers(errors.iter().map(|error| error.wave.map_or(f64::NAN, f64::from)).collect()),
                texts(|error| error.column.clone()),
                texts(|error| error.before.clone()),
                texts(|error| error.after.clone()),
            ];
            table.write(folder, &cells.each_ref().map(Values::cells))?;
        }
        Ok(())
    }

    /// Adds the realised rates and ends all tables.
    pub(super) fn close(mut self, folder: &mut Folder) -> Result<(), RunProblem> {
        let counts = &self.realised.mechanisms;
        let rate = |happened: u64, at_risk: u64| match at_risk {
            0 => f64::NAN,
            at_risk => happened as f64 / at_risk as f64,
        };
        let cells = [
            Values::Texts(counts.iter().map(|count| count.name.clone()).collect()),
            Values::Integers(counts.iter().map(|count| i64::from(count.wave)).collect()),
            Values::Integers(counts.iter().map(|count| count.at_risk as i64).collect()),
            Values::Integers(counts.iter().map(|count| count.happened as i64).collect()),
            Values::Numbers(counts.iter().map(|count| rate(count.happened, count.at_risk)).collect()),
        ];
        self.mechanisms.write(folder, &cells.each_ref().map(Values::cells))?;
        self.truth.close(folder)?;
        let tables = [self.key, self.audit, self.mechanisms, self.circumstances];
        for table in tables.into_iter().chain(self.comments).chain(self.errors) {
            table.close(folder)?;
        }
        Ok(())
    }
}
