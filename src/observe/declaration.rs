//! What a scenario declares about the survey, as written.

use crate::diagnostic::{Span, Text};
use crate::options::Options;

/// The declared survey. Without one, an analyst sees every attribute and state that is not latent, as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declaration {
    /// Where `[survey]` stands.
    pub span: Span,
    /// `[time] visits`: law of the number of interviews in a wave's year; absent: one, at the wave.
    pub visits: Option<Text>,
    /// `[survey] mood`: law of a draw for each person and interview, shared by all items as `mood`.
    pub mood: Option<Text>,
    /// `[survey.items]`; empty: every state and every attribute that is not latent.
    pub items: Vec<ItemDeclaration>,
    /// Lines of `[effects]` with `of = "interviewer"`.
    pub interviewers: Vec<InterviewerDeclaration>,
    /// `[[survey.loss]]`, each with its `kind`, in the order of the file.
    pub losses: Vec<Options>,
    /// `[[survey.answer]]`, each with its `kind`, in the order of the file.
    pub answers: Vec<Options>,
    /// `[survey.trust]`.
    pub trust: Option<Options>,
    /// `others_present` of `[survey]`: the probability that others are present at an interview.
    pub others_present: Option<Text>,
    /// `[survey.team]`: the interviewers.
    pub team: Option<Options>,
    /// `[[survey.comment]]`: themes of coded comments.
    pub comments: Vec<Options>,
    /// `[[survey.coder]]`: who codes the comments.
    pub coders: Vec<Options>,
    /// `[[survey.set]]`: analysis sets.
    pub sets: Vec<Options>,
    /// `[survey.linkage]`: how the waves of a person are joined.
    pub linkage: Option<Options>,
}

/// One line of `[survey.items]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemDeclaration {
    /// Name of the state or attribute that is asked about.
    pub name: Text,
    /// The options: `sensitivity`, `specificity`, `matrix`, `error`, `nonresponse`, `stigma`.
    pub options: Options,
}

/// A random effect of interviewers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InterviewerDeclaration {
    /// The name that formulas use.
    pub name: Text,
    /// Its law; parameters only. Either this or `icc`.
    pub law: Option<Text>,
    /// Share of the variance that lies between interviewers; a formula of parameters.
    pub icc: Option<Text>,
    /// Standard deviation within interviewers, where `icc` is that of a number; a formula of parameters.
    pub residual_sd: Option<Text>,
    /// Number of interviewers in the team: a number or formula of parameters; absent: `[survey.team]` says it.
    pub count: Option<Text>,
}
