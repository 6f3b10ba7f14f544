//! Puts the example's value where a fault was, so that reading can go on to the next.

use super::{
    explain::{Kind, Step, Wrong, nearest},
    tree::{Node, Positions},
};

/// Mends `node`; false if it cannot be mended.
pub fn mend(node: &mut Node, positions: &mut Positions, wrong: &Wrong, example: Option<&Node>) -> bool {
    match &wrong.kind {
        Kind::Unknown { field, known } => match descend(node, &wrong.path) {
            Some(Node::Map(entries)) => {
                let near = nearest(field, known).filter(|near| entries.iter().all(|(key, _)| key != near));
                let Some(at) = entries.iter().position(|(key, _)| key == field) else { return false };
                match near {
                    // What was meant is there, so it is not missing too.
                    Some(near) => {
                        positions.rename(&wrong.path, field, near);
                        near.clone_into(&mut entries[at].0);
                    }
                    None => drop(entries.remove(at)),
                }
                true
            }
            _ => false,
        },
        Kind::Missing { field } => {
            let mut path = wrong.path.clone();
            path.push(Step::Key(field.clone()));
            let Some(value) = example.and_then(|e| counterpart(e, &path)) else { return false };
            match descend(node, &wrong.path) {
                Some(Node::Map(entries)) => {
                    entries.push((field.clone(), value.clone()));
                    true
                }
                _ => false,
            }
        }
        Kind::Type { .. } | Kind::Variant { .. } | Kind::Other(_) => {
            let Some(value) = example.and_then(|e| counterpart(e, &wrong.path)) else { return false };
            match descend(node, &wrong.path) {
                Some(spot) => {
                    *spot = value.clone();
                    true
                }
                None => false,
            }
        }
    }
}

fn descend<'a>(node: &'a mut Node, path: &[Step]) -> Option<&'a mut Node> {
    path.iter().try_fold(node, |node, step| match (node, step) {
        (Node::Map(entries), Step::Key(key)) => entries.iter_mut().find(|(k, _)| k == key).map(|(_, v)| v),
        (Node::List(items), Step::Index(i)) => items.get_mut(*i),
        _ => None,
    })
}

/// What the example has at `path`. An index stands for the first entry that has the rest of the path.
pub fn counterpart<'a>(example: &'a Node, path: &[Step]) -> Option<&'a Node> {
    let Some((step, rest)) = path.split_first() else { return Some(example) };
    match (example, step) {
        (Node::Map(entries), Step::Key(key)) => {
            entries.iter().find(|(k, _)| k == key).and_then(|(_, v)| counterpart(v, rest))
        }
        (Node::List(items), Step::Index(_)) => items.iter().find_map(|item| counterpart(item, rest)),
        _ => None,
    }
}
