//! What a column of a table is, and a stretch of its cells.

/// A column of a table that is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Name.
    pub name: String,
    /// A few words for people; empty where there are none.
    pub label: String,
    /// Kind of value.
    pub kind: FieldKind,
    /// Unit; empty where there is none.
    pub unit: String,
    /// Range or values, in words; empty where nothing is known.
    pub range: String,
    /// What it means, a sentence.
    pub about: String,
    /// The column whose cells without a value (or with a structural zero) this column gives the reasons for. Then the
    /// kind is [`FieldKind::Level`] with the reasons; a cell without a reason belongs to an ordinary value.
    pub reasons_of: Option<String>,
    /// For whole numbers: none is above this or below its negative, so that formats can choose a narrow type.
    pub largest: Option<i64>,
}

/// The kind of value of a column. Every column can have cells without a value, but for whole numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Whole numbers.
    Integer,
    /// Real numbers.
    Number,
    /// 0 and 1.
    YesNo,
    /// One of these names.
    Level(Vec<String>),
    /// Any text.
    Text,
    /// Codes of records, as [`super::record_text`] writes them.
    Record,
}

impl FieldKind {
    /// The name in the codebook.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::YesNo => "yes/no (1/0)",
            Self::Level(_) => "level",
            Self::Text => "text",
            Self::Record => "record code",
        }
    }
}

impl Field {
    /// A column of a kind that means something.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: FieldKind, about: impl Into<String>) -> Self {
        let range = match &kind {
            FieldKind::YesNo => "0, 1".to_owned(),
            FieldKind::Level(levels) if levels.len() <= 20 => levels.join(", "),
            FieldKind::Level(levels) => format!("{} names", levels.len()),
            _ => String::new(),
        };
        Self {
            name: name.into(),
            label: String::new(),
            kind,
            unit: String::new(),
            range,
            about: about.into(),
            reasons_of: None,
            largest: None,
        }
    }

    /// The same column with a label, a few words.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        label.clone_into(&mut self.label);
        self
    }

    /// The same column as the one that says why cells of the column `name` have no value.
    #[must_use]
    pub fn reasons_of(mut self, name: &str) -> Self {
        self.reasons_of = Some(name.to_owned());
        self
    }

    /// The same column of whole numbers, none of which is above `largest` or below its negative.
    #[must_use]
    pub fn largest(mut self, largest: i64) -> Self {
        self.largest = Some(largest);
        self
    }

    /// The names of levels; none for other kinds.
    #[must_use]
    pub fn levels(&self) -> &[String] {
        match &self.kind {
            FieldKind::Level(levels) => levels,
            _ => &[],
        }
    }

    /// The label, or what it means where there is no label.
    #[must_use]
    pub fn caption(&self) -> &str {
        if self.label.is_empty() { &self.about } else { &self.label }
    }

    /// The same column with a unit.
    #[must_use]
    pub fn unit(mut self, unit: &str) -> Self {
        unit.clone_into(&mut self.unit);
        self
    }

    /// The same column with a range.
    #[must_use]
    pub fn range(mut self, range: &str) -> Self {
        range.clone_into(&mut self.range);
        self
    }
}

/// A stretch of cells of one column.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'a> {
    /// For [`FieldKind::Integer`].
    Integers(&'a [i64]),
    /// For [`FieldKind::Number`]; NaN is "no value".
    Numbers(&'a [f64]),
    /// For [`FieldKind::YesNo`] and [`FieldKind::Level`]: positions; a position without a name is "no value".
    Codes(&'a [u8]),
    /// As [`Cells::Codes`], for many names.
    LongCodes(&'a [u32]),
    /// For [`FieldKind::Text`], where an empty text is "no value", and [`FieldKind::Record`].
    Texts(&'a [String]),
    /// For [`FieldKind::Record`]: codes that are not yet texts, see [`super::record_codes`];
    /// `u64::MAX` is "no value".
    Records(&'a [u64]),
}

impl Cells<'_> {
    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Integers(cells) => cells.len(),
            Self::Numbers(cells) => cells.len(),
            Self::Codes(cells) => cells.len(),
            Self::LongCodes(cells) => cells.len(),
            Self::Texts(cells) => cells.len(),
            Self::Records(cells) => cells.len(),
        }
    }

    /// Whether there are no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Position in row `i`, for coded cells.
    pub(super) fn code(&self, i: usize) -> Option<usize> {
        match self {
            Self::Codes(codes) => codes.get(i).map(|c| usize::from(*c)),
            Self::LongCodes(codes) => codes.get(i).map(|c| *c as usize),
            _ => None,
        }
    }
}

/// The column with the reasons for missing cells of the column `name`.
#[must_use]
pub fn companion<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|f| f.reasons_of.as_deref() == Some(name) && matches!(f.kind, FieldKind::Level(_)))
}
