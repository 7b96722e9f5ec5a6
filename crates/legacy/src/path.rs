//! The paths by which patches name places in a household row.
//!
//! A path is dots, `[index]` in plain lists and `[id]` in member lists, e.g. `members[p_1].phones[0].number`.
//! Must not change rows except through [`Path::set`] and [`Path::push`].

use serde_json::{Map, Value};

use crate::schema::Node;

/// Why a path leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// A name that is no field of the layout, or text that is no path.
    UnknownField,
    /// A member, index or list that is not there.
    NotFound,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(&'static str),
    Member(String),
    Index(usize),
}

/// A path whose names are all fields of the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    steps: Vec<Step>,
    node: Node,
    /// The names are known but the shape is wrong, e.g. `tier[0]` or `members.firstName`.
    misshapen: bool,
}

impl Path {
    /// Parses a path. Pure; safe to fuzz.
    ///
    /// # Errors
    /// [`PathError::UnknownField`] when a name is not a field of the layout.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut path = Self { steps: Vec::new(), node: Node::Household, misshapen: false };
        for part in split(text.trim()).ok_or(PathError::UnknownField)? {
            match part {
                Part::Name(name) => path.name(name)?,
                Part::Bracket(index) => path.index(index),
            }
        }
        Ok(path)
    }

    fn name(&mut self, name: &str) -> Result<(), PathError> {
        if let Some(item) = self.node.item() {
            self.node = item;
            self.misshapen = true;
        }
        let known = self.node.fields().iter().find(|(field, _)| *field == name);
        let (field, node) = known.ok_or(PathError::UnknownField)?;
        self.steps.push(Step::Field(field));
        self.node = *node;
        Ok(())
    }

    fn index(&mut self, index: &str) {
        let index = index.trim();
        match (self.node.item(), index.parse::<usize>()) {
            (Some(Node::Member), _) => self.steps.push(Step::Member(index.to_owned())),
            (Some(_), Ok(number)) => self.steps.push(Step::Index(number)),
            (Some(_) | None, _) => self.misshapen = true,
        }
        self.node = self.node.item().unwrap_or(self.node);
    }

    /// What the path leads to.
    #[must_use]
    pub fn node(&self) -> Node {
        self.node
    }

    /// The member the path goes through, with the path below that member.
    #[must_use]
    pub fn within_member(&self) -> Option<(&str, Path)> {
        match self.steps.as_slice() {
            [Step::Field("members"), Step::Member(id), rest @ ..] => {
                Some((id, Path { steps: rest.to_vec(), node: self.node, misshapen: self.misshapen }))
            }
            _ => None,
        }
    }

    /// True when the path leads to the row itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// True when the path is exactly this field of the row.
    #[must_use]
    pub fn is_field(&self, name: &str) -> bool {
        matches!(self.steps.as_slice(), [Step::Field(field)] if *field == name)
    }

    /// The present value; `Ok(None)` for a field the row does not carry.
    ///
    /// # Errors
    /// [`PathError::NotFound`] when a member, index or object on the way is missing.
    pub fn get<'a>(&self, root: &'a Value) -> Result<Option<&'a Value>, PathError> {
        if self.misshapen {
            return Err(PathError::NotFound);
        }
        let mut at = Some(root);
        for step in &self.steps {
            at = match (step, at) {
                (Step::Field(name), Some(Value::Object(map))) => map.get(*name),
                (Step::Field(_), None | Some(Value::Null)) => None,
                (Step::Member(id), Some(Value::Array(items))) => Some(member(items, id).ok_or(PathError::NotFound)?),
                (Step::Index(i), Some(Value::Array(items))) => Some(items.get(*i).ok_or(PathError::NotFound)?),
                _ => return Err(PathError::NotFound),
            };
        }
        Ok(at)
    }

    /// This path in another row, whose list may have another order: the first index at which `meant` is true. A path without an index is
    /// the same in every row.
    pub(crate) fn found_in(&self, root: &Value, meant: impl Fn(&Self) -> bool) -> Option<Self> {
        let last = self.steps.iter().rposition(|step| matches!(step, Step::Index(_)));
        let Some((last, list)) = last.and_then(|last| Some((last, self.steps.get(..last)?))) else { return Some(self.clone()) };
        if meant(self) {
            return Some(self.clone());
        }
        let list = Self { steps: list.to_vec(), ..self.clone() };
        let length = list.get(root).ok().flatten().and_then(Value::as_array).map_or(0, Vec::len);
        let at = |number| {
            let mut path = self.clone();
            path.steps.splice(last..=last, [Step::Index(number)]);
            path
        };
        (0..length).map(at).find(|path| meant(path))
    }

    /// The number of the phone whose label the path leads to.
    pub(crate) fn number_beside(&self) -> Option<Self> {
        let [before @ .., Step::Index(_), Step::Field("label")] = self.steps.as_slice() else { return None };
        let at = self.steps.get(..=before.len())?;
        Some(Self { steps: at.iter().cloned().chain([Step::Field("number")]).collect(), node: Node::Number, misshapen: self.misshapen })
    }

    /// Writes a value; missing objects on the way are made.
    ///
    /// # Errors
    /// As [`Path::get`].
    pub fn set(&self, root: &mut Value, value: Value) -> Result<(), PathError> {
        *self.place(root)? = value;
        Ok(())
    }

    /// Appends to the list at the path; a missing list is made.
    ///
    /// # Errors
    /// [`PathError::NotFound`] when the path leads to no list.
    pub fn push(&self, root: &mut Value, value: Value) -> Result<(), PathError> {
        if self.node.item().is_none() {
            return Err(PathError::NotFound);
        }
        let place = self.place(root)?;
        if place.is_null() {
            *place = Value::Array(Vec::new());
        }
        place.as_array_mut().ok_or(PathError::NotFound)?.push(value);
        Ok(())
    }

    fn place<'a>(&self, root: &'a mut Value) -> Result<&'a mut Value, PathError> {
        if self.misshapen {
            return Err(PathError::NotFound);
        }
        let mut at = root;
        for step in &self.steps {
            if at.is_null() && matches!(step, Step::Field(_)) {
                *at = Value::Object(Map::new());
            }
            at = match (step, at) {
                (Step::Field(name), Value::Object(map)) => map.entry(*name).or_insert(Value::Null),
                (Step::Member(id), Value::Array(items)) => member_mut(items, id).ok_or(PathError::NotFound)?,
                (Step::Index(i), Value::Array(items)) => items.get_mut(*i).ok_or(PathError::NotFound)?,
                _ => return Err(PathError::NotFound),
            };
        }
        Ok(at)
    }
}

fn has_id(item: &Value, id: &str) -> bool {
    item.get("id").and_then(Value::as_str).is_some_and(|found| found.trim() == id)
}

fn member<'a>(items: &'a [Value], id: &str) -> Option<&'a Value> {
    items.iter().find(|item| has_id(item, id))
}

fn member_mut<'a>(items: &'a mut [Value], id: &str) -> Option<&'a mut Value> {
    items.iter_mut().find(|item| has_id(item, id))
}

/// A part of a path as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    Name(&'a str),
    Bracket(&'a str),
}

/// Splits `a[b].c` into its parts; `None` when the brackets or dots are out of place. Dots inside brackets belong to the id.
pub(crate) fn split(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, mut after) = rest.split_at_checked(end)?;
        if name.is_empty() || name.contains(']') {
            return None;
        }
        parts.push(Part::Name(name));
        while let Some(inside) = after.strip_prefix('[') {
            let (index, tail) = inside.split_once(']')?;
            parts.push(Part::Bracket(index));
            after = tail;
        }
        if after.is_empty() {
            return Some(parts);
        }
        rest = after.strip_prefix('.')?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn row() -> Value {
        json!({"members": [{"id": "p.1", "phones": [{"label": "mobile", "number": "1"}]}], "goals": ["a"], "address": null, "tags": null})
    }

    #[test]
    fn st_3_paths_reach_members_by_id_and_lists_by_index() {
        let path = Path::parse("members[p.1].phones[0].number").unwrap();
        assert_eq!(path.get(&row()), Ok(Some(&json!("1"))));
        assert_eq!(path.node(), Node::Number);
        let mut changed = row();
        Path::parse("address.city").unwrap().set(&mut changed, json!("Salem")).unwrap();
        assert_eq!(changed["address"], json!({"city": "Salem"}));
        Path::parse("tags").unwrap().push(&mut changed, json!("x")).unwrap();
        assert_eq!(changed["tags"], json!(["x"]));
    }

    #[test]
    fn st_3_a_name_outside_the_layout_is_unknown_before_anything_is_looked_up() {
        for path in [
            "",
            "zodiacSign",
            "address.planet",
            "members[nobody].favColor",
            "goals[0].x",
            "tier.city",
            "tier[0].x",
            "members[",
            "members[a",
            ".tier",
            "tier.",
            "goals]0[",
            "a..b",
        ] {
            assert_eq!(Path::parse(path), Err(PathError::UnknownField), "{path}");
        }
    }

    #[test]
    fn st_3_a_missing_member_index_or_shape_is_not_found() {
        for path in [
            "members[p_2].firstName",
            "goals[1]",
            "goals[x]",
            "goals[-1]",
            "members[0].firstName",
            "members.firstName",
            "tier[0]",
            "members[p.1].phones[1].number",
        ] {
            assert_eq!(Path::parse(path).unwrap().get(&row()), Err(PathError::NotFound), "{path}");
        }
        assert_eq!(Path::parse("tier").unwrap().push(&mut row(), json!(1)), Err(PathError::NotFound));
    }

    proptest! {
        #[test]
        fn st_3_any_path_is_read_without_panic(text in "[a-zA-Z0-9_.\\[\\]]{0,40}|\\PC*|(members|goals|\\[|\\]|p|\\.|phones|0|number|tier){0,9}") {
            if let Ok(path) = Path::parse(&text) {
                let mut row = row();
                let before = path.get(&row).is_ok();
                let _ = path.push(&mut row, json!(1));
                prop_assert_eq!(path.set(&mut row, json!(2)).is_ok(), before);
            }
        }
    }
}
