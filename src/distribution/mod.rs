//! stub
use crate::diagnostic::{Diagnostics, Text};
use crate::formula::{Bounds, Input, Kind, Scope};
use crate::streams::{Lane, Streams};
use std::sync::Arc;
#[allow(missing_docs)]
#[derive(Clone, Debug)]
pub struct Law {}
#[allow(missing_docs)]
#[derive(Clone, Debug, Default)]
pub struct LawScratch {}
#[allow(missing_docs)]
#[derive(Clone, Debug)]
pub struct LawProblem {
    pub row: usize,
    pub argument: Text,
    pub value: f64,
}
#[allow(missing_docs)]
pub fn is_law(_: &Text) -> bool {
    todo!()
}
#[allow(missing_docs)]
pub fn declare(_: &Text, _: Option<&Arc<[String]>>, _: &dyn Scope, _: &mut Diagnostics) -> Option<Law> {
    todo!()
}
#[allow(missing_docs)]
impl Law {
    pub fn slots(&self) -> &[u32] {
        todo!()
    }
    pub fn bounds(&self) -> Bounds {
        todo!()
    }
    pub fn kind(&self) -> Kind {
        todo!()
    }
    pub fn finite_values(&self) -> Option<Vec<f64>> {
        todo!()
    }
    pub fn draw(
        &self,
        _: &Streams,
        _: &Lane,
        _: u32,
        _: &[Input<'_>],
        _: &mut [f64],
        _: &mut LawScratch,
    ) -> Result<(), LawProblem> {
        todo!()
    }
}
#[allow(missing_docs)]
#[derive(Clone, Debug)]
pub struct JointLaw {}
#[allow(missing_docs)]
pub fn declare_joint(_: &[&str], _: &Text, _: &dyn Scope, _: &mut Diagnostics) -> Option<JointLaw> {
    todo!()
}
#[allow(missing_docs)]
impl JointLaw {
    pub fn slots(&self) -> &[u32] {
        todo!()
    }
    pub fn draw(
        &self,
        _: &Streams,
        _: &Lane,
        _: u32,
        _: &[Input<'_>],
        _: &mut [Vec<f64>],
        _: &mut LawScratch,
    ) -> Result<(), LawProblem> {
        todo!()
    }
}
