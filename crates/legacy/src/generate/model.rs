//! The households and people a generated tree is about, as they truly are.

use std::collections::HashSet;

use super::render::{Day, day};
use super::rng::Rng;
use super::words;

#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) native: Option<&'static str>,
    pub(super) born: Option<Day>,
    /// Text in place of the birth date that no reader can read.
    pub(super) born_text: Option<&'static str>,
    pub(super) email: Option<String>,
    /// Ten national digits.
    pub(super) mobile: Option<String>,
    pub(super) work: Option<(String, u64)>,
    /// Text in place of the work number.
    pub(super) work_text: Option<&'static str>,
    pub(super) employer: Option<&'static str>,
    pub(super) unknown: bool,
    pub(super) homes: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Household {
    /// Id as rows write it.
    pub(super) id: String,
    pub(super) slug: String,
    /// The id belongs to an earlier household, so rows name this one by slug.
    pub(super) by_slug: bool,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) tier: &'static str,
    pub(super) advisor: &'static str,
    /// Index of the person and role.
    pub(super) members: Vec<(usize, &'static str)>,
    pub(super) line1: String,
    pub(super) city: usize,
    pub(super) since: Option<Day>,
    pub(super) cadence: i64,
    pub(super) review: Option<Day>,
    pub(super) risk: &'static str,
    pub(super) goals: Vec<&'static str>,
    pub(super) tags: Vec<&'static str>,
    pub(super) stage: Option<&'static str>,
    pub(super) source: Option<&'static str>,
    pub(super) unknown: Option<&'static str>,
    pub(super) created: bool,
    pub(super) deleted: bool,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) people: Vec<Person>,
    /// Seed households in file order, then those made by patches.
    pub(super) households: Vec<Household>,
    /// Pairs of ids with the same names and birth date.
    pub(super) twins: Vec<(String, String)>,
    ids: HashSet<String>,
    slugs: HashSet<String>,
    names: HashSet<(&'static str, &'static str, Option<Day>)>,
}

impl Model {
    pub(super) fn build(rng: &mut Rng, households: usize) -> Self {
        let mut model = Self::default();
        for i in 0..households {
            let created = i + 1 + households / 50 >= households && households > 4;
            let household = model.household(rng, created);
            model.households.push(household);
        }
        model
    }

    pub(super) fn id(&mut self, rng: &mut Rng, prefix: &str) -> String {
        loop {
            let id = rng.id(prefix);
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
    }

    /// A person nobody else resembles.
    pub(super) fn person(&mut self, rng: &mut Rng, last: &'static str, born: (i64, i64), city: usize) -> usize {
        let id = self.id(rng, "p");
        let (first, born) = loop {
            let (first, born) = (rng.word(words::FIRST), Some(day(rng, born.0, born.1)));
            if self.names.insert((first, last, born)) {
                break (first, born);
            }
        };
        let area = words::CITIES.get(city).map_or("206", |city| city.3);
        let number = |rng: &mut Rng| format!("{area}55501{:02}", rng.below(100));
        let adult = born.is_some_and(|(year, _, _)| year < 2000);
        let unreadable = rng.chance(8);
        self.people.push(Person {
            first,
            last,
            native: rng.chance(60).then(|| rng.word(words::NATIVE)),
            born,
            born_text: None,
            email: (adult && rng.chance(800)).then(|| format!("{}@mailbox.example", id.to_lowercase())),
            mobile: (adult || rng.chance(200)).then(|| number(rng)),
            work: (adult && rng.chance(250)).then(|| (number(rng), 10 + rng.next() % 900)),
            work_text: unreadable.then_some("call the office"),
            employer: (adult && rng.chance(500)).then(|| rng.word(words::EMPLOYERS)),
            unknown: rng.chance(25),
            homes: 0,
            id,
        });
        self.people.len() - 1
    }

    /// Somebody of an earlier household who lives in one only and may found another.
    fn heir(&mut self, rng: &mut Rng, role: &str) -> Option<usize> {
        let household = self.households.get(rng.below(self.households.len())).filter(|household| !household.created)?;
        let (person, _) = *household.members.iter().find(|(_, found)| *found == role)?;
        self.people.get(person).filter(|person| person.homes == 1 && person.mobile.is_some()).map(|_| person)
    }

    /// A person with the names and birth date of another, under another id.
    fn twin(&mut self, rng: &mut Rng) -> Option<usize> {
        let at = rng.below(self.people.len());
        let model = self.people.get(at).filter(|person| person.born.is_some() && person.born_text.is_none())?.clone();
        if self.twins.iter().any(|(a, b)| *a == model.id || *b == model.id) {
            return None;
        }
        let id = self.id(rng, "p");
        self.twins.push((model.id.clone(), id.clone()));
        self.people.push(Person { id, homes: 0, email: None, unknown: false, work_text: None, ..model });
        Some(self.people.len() - 1)
    }

    fn members(&mut self, rng: &mut Rng, last: &'static str, city: usize) -> Vec<(usize, &'static str)> {
        if rng.chance(20)
            && let Some(trustee) = self.heir(rng, "primary")
        {
            return vec![(trustee, "trustee")];
        }
        let heir = if rng.chance(40) { self.heir(rng, "child") } else { None };
        let primary = heir.unwrap_or_else(|| self.person(rng, last, (1935, 1985), city));
        let mut members = vec![(primary, "primary")];
        if rng.chance(600) {
            members.push((self.person(rng, last, (1935, 1985), city), "spouse"));
        }
        for _ in 0..rng.below(4) {
            let twin = if rng.chance(15) { self.twin(rng) } else { None };
            let child = twin.unwrap_or_else(|| self.person(rng, last, (1986, 2024), city));
            if rng.chance(10)
                && twin.is_none()
                && let Some(person) = self.people.get_mut(child)
            {
                person.born = None;
                person.born_text = rng.chance(500).then_some("about 1990");
            }
            members.push((child, "child"));
        }
        if rng.chance(100) {
            members.reverse();
        }
        members
    }

    fn slug(&mut self, base: &str) -> String {
        let clean: String = base.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let mut slug = clean.clone();
        let mut n = 2;
        while !self.slugs.insert(slug.clone()) {
            slug = format!("{clean}-{n}");
            n += 1;
        }
        slug
    }

    fn household(&mut self, rng: &mut Rng, created: bool) -> Household {
        let last = rng.word(words::LAST);
        let city = rng.below(words::CITIES.len());
        let members = self.members(rng, last, city);
        for (person, _) in &members {
            if let Some(person) = self.people.get_mut(*person) {
                person.homes += 1;
            }
        }
        let first = members.iter().find(|(_, role)| *role != "child").and_then(|(person, _)| self.people.get(*person));
        let name = first.map_or_else(String::new, |person| format!("{} {}", person.first, person.last));
        let slug = self.slug(&name);
        let earlier = if !created && rng.chance(12) {
            self.households.get(rng.below(self.households.len())).filter(|h| !h.by_slug && !h.created)
        } else {
            None
        };
        let (id, by_slug) = earlier.map_or((None, false), |earlier| (Some(earlier.id.clone()), true));
        let kind = rng.pick(&["client", "client", "client", "prospect", "former"]).unwrap_or("client");
        Household {
            id: id.unwrap_or_else(|| self.id(rng, "hh")),
            slug,
            by_slug,
            name,
            kind,
            tier: rng.word(&["A", "B", "C"]),
            advisor: rng.word(&["will", "matt", "evan"]),
            members,
            line1: format!("{} {}", 100 + rng.below(9000), rng.word(words::STREETS)),
            city,
            since: rng.chance(850).then(|| day(rng, 2005, 2025)),
            cadence: rng.pick(&[3, 4, 6, 12]).unwrap_or(6),
            review: rng.chance(950).then(|| day(rng, 2026, 2027)),
            risk: rng.word(words::RISKS),
            goals: (0..1 + rng.below(3)).map(|_| rng.word(words::GOALS)).collect(),
            tags: (0..rng.below(3)).map(|_| rng.word(words::TAGS)).collect(),
            stage: (kind == "prospect").then(|| rng.word(words::STAGES)),
            source: rng.chance(200).then(|| rng.word(words::SOURCES)),
            unknown: rng.chance(60).then(|| rng.word(&["_tmp", "legacyScore", "zocksId"])),
            created,
            deleted: false,
        }
    }
}
