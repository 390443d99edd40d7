//! `codebook.json`.

use super::{Codebook, Entry, TableEntry};
use serde_json::{Map, Value, json};

pub(super) fn text(codebook: &Codebook<'_>) -> String {
    let about = codebook.about;
    let tables: Vec<Value> = codebook.tables.iter().map(|table| self::table(table, codebook)).collect();
    let items: Vec<Value> = (codebook.wave_map.items.iter())
        .map(|(item, label, answers)| json!({ "item": item, "label": label, "answers": answers }))
        .collect();
    let assumed: Vec<Value> = (about.assumed.iter())
        .map(|p| json!({ "parameter": p.name, "value": p.value, "meaning": p.about, "source": p.source }))
        .collect();
    let value = json!({
        "note": "synthetic: no real person",
        "title": about.title,
        "aims": about.aims,
        "program": format!("eclosion {}", about.stamp.version),
        "scenario_hash": about.stamp.scenario_hash,
        "seed": about.stamp.seed,
        "tables": tables,
        "waves": { "years": codebook.wave_map.years, "items": items },
        "assumed": assumed,
    });
    format!("{value:#}\n")
}

fn table(table: &TableEntry, codebook: &Codebook<'_>) -> Value {
    let columns: Vec<Value> = table.columns.iter().map(|entry| column(table, entry, codebook)).collect();
    json!({
        "name": table.name,
        "row": table.about,
        "rows": table.rows,
        "files": table.files,
        "columns": columns,
    })
}

fn column(table: &TableEntry, entry: &Entry, codebook: &Codebook<'_>) -> Value {
    let (column, tally) = (&entry.column, &entry.tally);
    let mut value = Map::new();
    let mut put = |key: &str, item: Value| drop(value.insert(key.to_owned(), item));
    put("name", json!(column.field.name));
    put("label", json!(column.field.label));
    put("kind", json!(column.field.kind.name()));
    put("meaning", json!(column.field.about));
    for (key, text) in [("unit", &column.field.unit), ("range", &column.field.range)] {
        if !text.is_empty() {
            put(key, json!(text));
        }
    }
    if let Some(asked) = entry.asked(codebook.schema) {
        for (key, text) in [("asked", asked.formula), ("otherwise", asked.otherwise.as_deref())] {
            if let Some(text) = text {
                put(key, json!(text));
            }
        }
        if let Some(waves) = asked.waves {
            put("asked_in_waves", json!(waves));
        }
    }
    if let Some(wave) = column.wave {
        put("wave", json!(wave + 1));
    }
    if let Some(of) = &column.field.reasons_of {
        put("reasons_of", json!(of));
    }
    put("valid", json!(tally.valid));
    put("missing", json!(tally.missing));
    if tally.filled_in > 0 {
        put("filled_in", json!(tally.filled_in));
    }
    let levels: Vec<Value> = (entry.levels().iter())
        .map(|(value, label, count)| json!({ "value": value, "label": label, "count": count }))
        .collect();
    if !levels.is_empty() {
        put("levels", json!(levels));
        put("not_in_the_list", json!(tally.other));
    } else if let Some(numbers) = &tally.numbers {
        let (mean, sd) = (numbers.mean(), numbers.sd());
        put("numbers", json!({ "mean": mean, "sd": sd, "min": numbers.min, "max": numbers.max }));
    }
    let reasons: Vec<Value> = (table.reasons(entry).iter())
        .map(|(word, meaning, count)| json!({ "word": word, "meaning": meaning, "count": count }))
        .collect();
    if !reasons.is_empty() {
        put("missing_because", json!(reasons));
    }
    Value::Object(value)
}
