//! Tenant isolation, proven against the catalogue: new tables are covered the day they appear, and seeded defects
//! prove that the checker would see one.

mod catalogue;
mod defects;
mod functions;
mod matrix;
mod privacy;
mod world;

use std::time::Instant;

use world::World;

/// Something that isolation does not hold against.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    wrong: String,
    /// Where.
    place: String,
}

impl Finding {
    fn new(wrong: &str, place: String) -> Self {
        Self { wrong: wrong.to_owned(), place }
    }
}

impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.wrong, self.place)
    }
}

/// Everything there is to check; for a copy with a seeded defect the matrix may look at fewer relations.
async fn check(world: &World, only: Option<&[&str]>) -> (Vec<Finding>, usize) {
    let (mut admin, mut app) = (world.db.admin().await, world.db.serving_connection().await);
    let (mut findings, asked) = catalogue::check(&mut admin).await;
    let (seen, attempts) = matrix::check(&mut admin, &mut app, world, only).await;
    findings.extend(seen);
    let mut calls = 0;
    if only.is_none_or(|names| names.contains(&"search_entries")) {
        let (through, tried) = functions::check(&mut admin, &mut app, world).await;
        findings.extend(through);
        calls = tried;
    }
    let (open, tried) = privacy::check(&mut app, world).await;
    findings.extend(open);
    (findings, asked + attempts + calls + tried)
}

#[tokio::test]
async fn au_4_no_relation_shows_or_changes_a_row_of_another_firm_or_team() {
    let world = World::make().await;
    let started = Instant::now();
    let (findings, checks) = check(&world, None).await;
    println!("isolation: {checks} checks in {:.2} s", started.elapsed().as_secs_f64());
    assert!(findings.is_empty(), "{findings:#?}");
    assert!(checks > 1_500, "{checks} checks");
}

#[tokio::test]
async fn au_3_a_row_of_ones_own_cannot_point_to_a_row_of_another_team() {
    let world = World::make().await;
    let (mut admin, mut app) = (world.db.admin().await, world.db.serving_connection().await);
    let (findings, attempts) = matrix::check_links(&mut admin, &mut app, &world).await;
    assert!(findings.is_empty(), "{findings:#?}");
    assert!(attempts > 20, "{attempts} links");
}

#[tokio::test]
async fn au_4_every_seeded_defect_is_found() {
    let world = World::make().await;
    for defect in defects::ALL {
        let broken = world.copy().await;
        broken.db.execute(defect.sql).await;
        let (findings, _) = check(&broken, Some(&[defect.relation])).await;
        let found = findings.iter().any(|f| f.wrong.contains(defect.found_as) && f.place.contains(defect.relation));
        assert!(found, "{}: not among {findings:#?}", defect.name);
    }
}
