//! A generator of fictional legacy trees, with the report a correct import of them must give.
//!
//! Deterministic: the same [`Plan`] gives the same bytes. It knows what it plants, so its truth owes nothing to the reader
//! and must not call it: no module outside this folder may be used here except `brain::seal`, the key and the tree writer.
//! People, firms and numbers are made up; domains end in `.example`, numbers are `555-01xx`.

mod brain;
mod defects;
mod edits;
mod export;
mod model;
mod patches;
mod render;
mod rng;
mod rows;
mod seed;
mod truth;
mod words;

use std::io;

use crate::tree::TreeWriter;

/// What to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Decides every detail.
    pub seed: u64,
    /// Households that are no planted mess; the tree has a few more.
    pub households: usize,
    /// Files that each household's folder has beside its profile and its log.
    pub more_files: usize,
}

/// What was generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Households an import must end with, deleted ones included.
    pub households: u64,
    /// Patches in the log.
    pub patches: u64,
    /// Encrypted Markdown files.
    pub markdown: u64,
}

/// Writes a light tree: export, identities, key, profiles, audit logs, signed manifests and `truth/expected_import.json`.
///
/// Memory grows with the households (about 2 KiB each); everything else is written as it is made.
///
/// # Errors
/// What writing gives.
pub fn generate(plan: Plan, out: &mut dyn TreeWriter) -> io::Result<Summary> {
    let mut rng = rng::Rng::new(plan.seed);
    let mut model = model::Model::build(&mut rng, plan.households);
    let mut truth = truth::Truth::default();
    {
        let mut export = export::Export::begin(out.create("localstorage.json")?, &mut rng)?;
        seed::write(&mut export, &model, &mut rng, &mut truth)?;
        patches::write(&mut export, &mut model, &mut rng, &mut truth)?;
        rows::write(&mut export, &model, &mut rng, &mut truth)?;
        export::settings(&mut export, &mut truth)?;
        export::strangers(&mut export, &mut rng, &mut truth)?;
        export.finish()?;
    }
    export::identities(out)?;
    let files = brain::write(out, &model, plan.more_files, &mut rng)?;
    let markdown = files.markdown;
    let (households, patches) = truth.write(out, &model, files)?;
    Ok(Summary { households, patches, markdown })
}
