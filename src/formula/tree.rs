//! A formula as a tree, before its names have a meaning.

use std::ops::Range;

/// A part of a formula and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub what: What,
    pub range: Range<usize>,
    /// Longest way down to a leaf; limited, so that walking the tree cannot exhaust the stack.
    pub height: usize,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Number(f64),
    Truth(bool),
    Name(String),
    /// The name of a level.
    Quoted(String),
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    Call {
        name: String,
        name_range: Range<usize>,
        arguments: Vec<Argument>,
    },
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Argument {
    /// Its name and the place of the `=`.
    pub name: Option<(String, Range<usize>)>,
    pub value: Node,
}

/// Operations on one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Negate,
    Not,
    Exp,
    Log,
    Expit,
    Logit,
    Sqrt,
    Abs,
    Floor,
    Missing,
    /// A power with a small whole exponent.
    Power(i32),
}

/// Operations on two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Minimum,
    Maximum,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

impl Binary {
    /// The symbol or word, for messages.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
            Self::Minimum => "min",
            Self::Maximum => "max",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::And => "and",
            Self::Or => "or",
        }
    }

    /// Whether it is one of the six comparisons.
    pub fn compares(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual | Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual)
    }
}

/// Functions of one number, by name.
pub(super) const FUNCTIONS: [(&str, Unary); 8] = [
    ("exp", Unary::Exp),
    ("log", Unary::Log),
    ("expit", Unary::Expit),
    ("logit", Unary::Logit),
    ("sqrt", Unary::Sqrt),
    ("abs", Unary::Abs),
    ("floor", Unary::Floor),
    ("missing", Unary::Missing),
];

/// Names of all functions that every formula may call.
pub const FUNCTION_NAMES: [&str; 12] =
    ["exp", "log", "expit", "logit", "sqrt", "abs", "floor", "missing", "min", "max", "if", "choose"];
