//! Register code over blocks of rows, and its evaluation.

use super::Input;
use super::operations::{Source, binary, binary_one, choose, choose_one, unary, unary_one};
use super::term::{Operation, Term};
use super::tree::{Binary, Unary};

/// Rows that are worked at once: a few registers of this length fit the nearest cache.
const BLOCK: usize = 256;

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operand {
    Constant(f64),
    /// Position in the program's list of slots.
    Input(usize),
    Register(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Unary(Unary, Operand),
    Binary(Binary, Operand, Operand),
    If(Operand, Operand, Operand),
}

/// Steps in order, each with the register that takes its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Code {
    steps: Vec<(Step, usize)>,
    registers: usize,
    result: Operand,
}

/// Buffers of an evaluation, reused between calls.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    registers: Vec<Vec<f64>>,
    /// Values of registers that are the same for all rows of the block.
    scalars: Vec<Option<f64>>,
    /// Slots that are held as codes, decoded for the block.
    decoded: Vec<Vec<f64>>,
}

impl Code {
    /// The code of a term; `slots` in ascending order.
    pub fn new(term: &Term, slots: &[u32]) -> Self {
        let mut writer = Writer { slots, steps: Vec::new(), free: Vec::new(), registers: 0 };
        let result = writer.write(term);
        Self { steps: writer.steps, registers: writer.registers, result }
    }

    /// See [`super::Program::evaluate`].
    pub fn run(&self, inputs: &[Input<'_>], out: &mut [f64], scratch: &mut Scratch) {
        if let Operand::Constant(value) = self.result {
            out.fill(value);
            return;
        }
        scratch.prepare(self.registers, inputs.len());
        let mut start = 0;
        for out in out.chunks_mut(BLOCK) {
            self.run_block(inputs, start, out, scratch);
            start += out.len();
        }
    }

    fn run_block(&self, inputs: &[Input<'_>], start: usize, out: &mut [f64], scratch: &mut Scratch) {
        let rows = out.len();
        for (input, decoded) in inputs.iter().zip(&mut scratch.decoded) {
            decode(input, start, &mut decoded[..rows]);
        }
        for (step, to) in &self.steps {
            // The register that takes the value is none of those that are read.
            let mut target = std::mem::take(&mut scratch.registers[*to]);
            let scalar = run_step(step, &View { inputs, start, rows, scratch }, &mut target[..rows]);
            scratch.scalars[*to] = scalar;
            scratch.registers[*to] = target;
        }
        match (View { inputs, start, rows, scratch }).source(self.result) {
            Source::Scalar(value) => out.fill(value),
            Source::Rows(values) => out.copy_from_slice(values),
        }
    }

    /// See [`super::Program::evaluate_one`].
    pub fn run_one(&self, values: &[f64]) -> f64 {
        let mut few = [0.0; 16];
        let mut many = Vec::new();
        let registers = if self.registers <= few.len() {
            &mut few[..]
        } else {
            many.resize(self.registers, 0.0);
            &mut many[..]
        };
        let value = |operand: Operand, registers: &[f64]| match operand {
            Operand::Constant(value) => value,
            Operand::Input(position) => values[position],
            Operand::Register(position) => registers[position],
        };
        for (step, to) in &self.steps {
            registers[*to] = match *step {
                Step::Unary(operation, x) => unary_one(operation, value(x, registers)),
                Step::Binary(operation, a, b) => binary_one(operation, value(a, registers), value(b, registers)),
                Step::If(c, a, b) => choose_one(value(c, registers), value(a, registers), value(b, registers)),
            };
        }
        value(self.result, registers)
    }
}

/// What the operands of a step stand for in a block.
struct View<'a> {
    inputs: &'a [Input<'a>],
    start: usize,
    rows: usize,
    scratch: &'a Scratch,
}

impl View<'_> {
    fn source(&self, operand: Operand) -> Source<'_> {
        match operand {
            Operand::Constant(value) => Source::Scalar(value),
            Operand::Input(position) => match self.inputs[position] {
                Input::Constant(value) => Source::Scalar(value),
                Input::Number(values) => Source::Rows(&values[self.start..self.start + self.rows]),
                Input::Coded(..) | Input::Indexed(..) => Source::Rows(&self.scratch.decoded[position][..self.rows]),
            },
            Operand::Register(position) => match self.scratch.scalars[position] {
                Some(value) => Source::Scalar(value),
                None => Source::Rows(&self.scratch.registers[position][..self.rows]),
            },
        }
    }
}

/// Does a step for the rows of `out`, or once, if all its operands are the same for all rows.
fn run_step(step: &Step, view: &View<'_>, out: &mut [f64]) -> Option<f64> {
    match *step {
        Step::Unary(operation, x) => match view.source(x) {
            Source::Scalar(x) => return Some(unary_one(operation, x)),
            x => unary(operation, x, out),
        },
        Step::Binary(operation, a, b) => match (view.source(a), view.source(b)) {
            (Source::Scalar(a), Source::Scalar(b)) => return Some(binary_one(operation, a, b)),
            (a, b) => binary(operation, a, b, out),
        },
        Step::If(c, a, b) => match (view.source(c), view.source(a), view.source(b)) {
            (Source::Scalar(c), Source::Scalar(a), Source::Scalar(b)) => return Some(choose_one(c, a, b)),
            (c, a, b) => choose(c, a, b, out),
        },
    }
    None
}

fn decode(input: &Input<'_>, start: usize, out: &mut [f64]) {
    match input {
        Input::Constant(_) | Input::Number(_) => {}
        Input::Coded(codes, values) => {
            for (out, code) in out.iter_mut().zip(&codes[start..]) {
                *out = values[usize::from(*code)];
            }
        }
        Input::Indexed(positions, values) => {
            for (out, position) in out.iter_mut().zip(&positions[start..]) {
                *out = values[*position as usize];
            }
        }
    }
}

impl Scratch {
    fn prepare(&mut self, registers: usize, inputs: usize) {
        if self.registers.len() < registers {
            self.registers.resize_with(registers, || vec![0.0; BLOCK]);
            self.scalars.resize(registers, None);
        }
        if self.decoded.len() < inputs {
            self.decoded.resize_with(inputs, || vec![0.0; BLOCK]);
        }
    }
}

struct Writer<'a> {
    slots: &'a [u32],
    steps: Vec<(Step, usize)>,
    free: Vec<usize>,
    registers: usize,
}

impl Writer<'_> {
    fn write(&mut self, term: &Term) -> Operand {
        match &term.operation {
            Operation::Constant(value) => Operand::Constant(*value),
            Operation::Slot(slot) => {
                Operand::Input(self.slots.binary_search(slot).expect("the slots were gathered from this term"))
            }
            Operation::Unary(operation, x) => {
                let x = self.write(x);
                self.step(Step::Unary(*operation, x), &[x])
            }
            Operation::Binary(operation, a, b) => {
                let (a, b) = (self.write(a), self.write(b));
                self.step(Step::Binary(*operation, a, b), &[a, b])
            }
            Operation::If(c, a, b) => {
                let (c, a, b) = (self.write(c), self.write(a), self.write(b));
                self.step(Step::If(c, a, b), &[c, a, b])
            }
        }
    }

    fn step(&mut self, step: Step, read: &[Operand]) -> Operand {
        let to = self.free.pop().unwrap_or_else(|| {
            self.registers += 1;
            self.registers - 1
        });
        self.steps.push((step, to));
        self.free.extend(read.iter().filter_map(|operand| match operand {
            Operand::Register(position) => Some(*position),
            _ => None,
        }));
        Operand::Register(to)
    }
}
