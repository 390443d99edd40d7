//! Rows of persons become rows of records.

use super::records::{NOBODY, Records};
use crate::tables::observed::{AnswerColumn, CodedComments, ObservedBatch, VisitColumns};

/// Re-assembles what was observed of persons into records. What is known from the start is known of the person behind
/// a record's first interview; everything else comes from whoever was interviewed.
pub(in crate::observe) fn assemble(
    persons: &ObservedBatch,
    codes: &[Vec<Vec<u16>>],
    records: &Records,
) -> ObservedBatch {
    let first: Vec<u32> = (0..records.len())
        .map(|record| records.links.iter().map(|wave| wave[record]).find(|p| *p != NOBODY).unwrap_or(NOBODY))
        .collect();
    let schema = &persons.schema;
    let none = |variable: &crate::tables::observed::ObservedVariable| match &variable.coding {
        Some(coding) => coding.values.len().saturating_sub(1) as u8,
        None => u8::MAX,
    };
    let items = persons.answers.iter().zip(&schema.items);
    let baseline = persons.baseline.iter().zip(&schema.baseline);
    let mut starts = records.starts.clone();
    starts.push(records.len());
    ObservedBatch {
        schema: schema.clone(),
        replicates: persons.replicates.clone(),
        group: gather(&persons.group, &first, 0),
        site: gather(&persons.site, &first, u32::MAX),
        baseline: baseline.map(|(column, v)| answers(column, &first, none(v))).collect(),
        attended: records.links.iter().map(|wave| wave.iter().map(|p| *p != NOBODY).collect()).collect(),
        answers: items
            .map(|(waves, v)| waves.iter().zip(&records.links).map(|(c, l)| answers(c, l, none(v))).collect())
            .collect(),
        visits: persons.visits.iter().map(|v| visit(v, persons, &records.links[v.wave], none)).collect(),
        code: Vec::new(),
        starts,
        comments: comments(&persons.comments, records),
        elements: codes
            .iter()
            .map(|waves| waves.iter().zip(&records.links).map(|(c, l)| gather(c, l, u16::MAX)).collect())
            .collect(),
        filled_in: persons
            .filled_in
            .iter()
            .map(|waves| waves.iter().zip(&records.links).map(|(f, l)| gather(f, l, false)).collect())
            .collect(),
        // The survey of a scenario has no texts to link by, gives no weights and prints nothing.
        fields: Vec::new(),
        weights: Vec::new(),
        cells: Vec::new(),
    }
}

/// The values of these persons; nothing where there are no values at all.
fn gather<T: Copy>(values: &[T], persons: &[u32], nobody: T) -> Vec<T> {
    if values.is_empty() {
        return Vec::new();
    }
    persons.iter().map(|p| values.get(*p as usize).copied().unwrap_or(nobody)).collect()
}

fn answers(column: &AnswerColumn, persons: &[u32], none: u8) -> AnswerColumn {
    match column {
        AnswerColumn::Coded(codes) => AnswerColumn::Coded(gather(codes, persons, none)),
        AnswerColumn::Number(values) => AnswerColumn::Number(gather(values, persons, f64::NAN)),
    }
}

fn visit(
    visit: &VisitColumns,
    persons: &ObservedBatch,
    links: &[u32],
    none: impl Fn(&crate::tables::observed::ObservedVariable) -> u8,
) -> VisitColumns {
    let items = visit.answers.iter().zip(&persons.schema.items);
    VisitColumns {
        wave: visit.wave,
        number: visit.number,
        took_place: gather(&visit.took_place, links, false),
        years: gather(&visit.years, links, f64::NAN),
        answers: items.map(|(column, v)| answers(column, links, none(v))).collect(),
        interviewer: gather(&visit.interviewer, links, u16::MAX),
        others_present: gather(&visit.others_present, links, 0),
        filled_in: visit.filled_in.iter().map(|f| gather(f, links, false)).collect(),
    }
}

/// Marks of coders go with the interviews. They are in the order of rows, so each person's marks at a wave are neighbours.
fn comments(persons: &CodedComments, records: &Records) -> CodedComments {
    let mut out = CodedComments::default();
    if persons.row.is_empty() {
        return out;
    }
    let key = |mark: usize| (persons.row[mark], persons.wave[mark]);
    for record in 0..records.len() {
        for (wave, links) in records.links.iter().enumerate().filter(|(_, links)| links[record] != NOBODY) {
            let wanted = (links[record], wave as u16);
            let all: Vec<usize> = marks(persons.row.len(), key, wanted);
            for mark in all {
                out.row.push(record as u32);
                out.wave.push(persons.wave[mark]);
                out.visit.push(persons.visit[mark]);
                out.number.push(persons.number[mark]);
                out.coder.push(persons.coder[mark]);
                out.theme.push(persons.theme[mark]);
                out.valence.push(persons.valence[mark]);
                out.direction.push(persons.direction[mark]);
                out.relation.push(persons.relation[mark]);
            }
        }
    }
    out
}

/// Positions of the marks with this key, which are sorted by it.
fn marks(count: usize, key: impl Fn(usize) -> (u32, u16), wanted: (u32, u16)) -> Vec<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if key(middle) < wanted { low = middle + 1 } else { high = middle }
    }
    (low..count).take_while(|mark| key(*mark) == wanted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_follow_the_interviews() {
        let persons = CodedComments {
            row: vec![0, 0, 1, 1, 1],
            wave: vec![0, 1, 0, 0, 1],
            visit: vec![0; 5],
            number: vec![0, 0, 0, 1, 0],
            coder: vec![0; 5],
            theme: vec![10, 11, 12, 13, 14],
            valence: vec![255; 5],
            direction: vec![255; 5],
            relation: vec![255; 5],
        };
        let mut records = Records::new(2, 2);
        records.begin();
        // Person 1's first interview is entered twice; at the second wave the persons change places.
        let a = records.open(0, 0);
        let b = records.open(0, 1);
        records.open(0, 1);
        records.file(a, 1, 1);
        records.file(b, 1, 0);
        let out = comments(&persons, &records);
        assert_eq!(out.row, [0, 0, 1, 1, 1, 2, 2]);
        assert_eq!(out.theme, [10, 14, 12, 13, 11, 12, 13]);
        assert_eq!(out.wave, [0, 1, 0, 0, 1, 0, 0]);
    }
}
