//! Rows per CPU-second of a table of 20 columns as Parquet, and in the other formats, beside arrow-rs called straight
//! with arrays that were prepared beforehand (the floor). `cargo bench --bench release_parquet` prints the rates first,
//! then criterion's own figures. The files go nowhere: what is timed is the making of their bytes.

use criterion::Criterion;
use eclosion::release::{Cells, Field, FieldKind, Format, Table};
use std::hint::black_box;
use std::io::{self, Write};

#[path = "floor/alternate.rs"]
mod alternate;
#[path = "floor/release_parquet.rs"]
mod floor;

use floor::{Columns, LEVELS, NUMBERS, ROWS, STRETCH};

/// Counts bytes and forgets them.
#[derive(Default)]
struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fields() -> Vec<Field> {
    let mut fields = vec![
        Field::new("record", FieldKind::Record, ""),
        Field::new("replicate", FieldKind::Integer, "").largest(9_999),
        Field::new("wave", FieldKind::Integer, "").largest(5),
        Field::new("age", FieldKind::Integer, "").largest(120),
    ];
    for (i, levels) in LEVELS.iter().enumerate() {
        let names = (0..*levels).map(|l| floor::level_name(i, l)).collect();
        fields.push(Field::new(format!("level_{i}"), FieldKind::Level(names), ""));
    }
    fields.extend((0..floor::YES_NO).map(|i| Field::new(format!("yes_{i}"), FieldKind::YesNo, "")));
    fields.extend((0..NUMBERS).map(|i| Field::new(format!("number_{i}"), FieldKind::Number, "")));
    fields
}

fn engine(columns: &Columns, format: Format) -> usize {
    let mut table = Table::new(Counted::default(), format, fields(), &[]).expect("nothing can fail");
    for first in (0..ROWS).step_by(STRETCH) {
        let rows = first..(first + STRETCH).min(ROWS);
        let mut cells = vec![Cells::Records(&columns.record[rows.clone()])];
        cells.extend(columns.integers.iter().map(|c| Cells::Integers(&c[rows.clone()])));
        cells.extend(columns.levels.iter().chain(&columns.yes_no).map(|c| Cells::Codes(&c[rows.clone()])));
        cells.extend(columns.numbers.iter().map(|c| Cells::Numbers(&c[rows.clone()])));
        table.write(&cells).expect("nothing can fail");
    }
    table.finish().expect("nothing can fail").0
}

fn main() {
    let columns = Columns::new();
    let batches = floor::batches(&columns);
    let straight = || floor::write(&batches, Counted::default()).0;
    if alternate::wanted() {
        println!("bytes of a row: floor {:.1}", straight() as f64 / ROWS as f64);
        for format in Format::all() {
            println!("  {}: {:.1}", format.name(), engine(&columns, format) as f64 / ROWS as f64);
        }
        let mut arrow_rs = || {
            black_box(straight());
        };
        let mut parquet = || {
            black_box(engine(&columns, Format::Parquet));
        };
        let mut arrow = || {
            black_box(engine(&columns, Format::Arrow));
        };
        alternate::print_ratios(
            "table of 20 columns",
            ROWS as f64,
            "rows",
            &mut [
                ("arrow-rs as it comes, arrays prepared: Parquet", &mut arrow_rs),
                ("release: Parquet", &mut parquet),
                ("release: Arrow IPC", &mut arrow),
            ],
        );
    }
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    criterion.bench_function("release_parquet/floor", |b| b.iter(straight));
    for format in Format::all() {
        let name = format!("release_parquet/{}", format.name());
        criterion.bench_function(&name, |b| b.iter(|| engine(&columns, format)));
    }
    criterion.final_summary();
}
