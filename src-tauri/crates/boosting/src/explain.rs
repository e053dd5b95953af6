//! Exact Shapley values of a tree, path-dependent: algorithm 2 of Lundberg, Erion and Lee 2018,
//! arXiv:1802.03888. A column that is not known goes both ways, by the rows that went there.

use crate::tree::{Node, Tree};

/// A column on the way from the root, and what it does to the sets of known columns.
#[derive(Debug, Clone, Copy, Default)]
struct Element {
    /// Nothing for the root's own element.
    column: Option<u32>,
    /// The share of paths that go this way where the column is not known.
    unknown: f64,
    /// 1 where the row goes this way, else 0.
    known: f64,
    /// Sets of each size, by their weight.
    weight: f64,
}

/// Calls `add` with columns and what they add to the value that `row` has in `tree`.
pub(crate) fn add(tree: &Tree, row: &[f64], mut add: impl FnMut(usize, f64)) {
    let Some(root) = tree.nodes.first() else {
        return;
    };
    let deepest = tree.depth() + 2;
    let mut room = vec![Element::default(); deepest * (deepest + 1) / 2];
    let begin = Element {
        column: None,
        unknown: 1.0,
        known: 1.0,
        weight: 0.0,
    };
    descend(tree, row, root, &mut room, 0, begin, &mut add);
}

/// Walks below `node`. The first `length` elements of `room` are the path to its parent, and there is
/// room for each longer path behind.
fn descend(
    tree: &Tree,
    row: &[f64],
    node: &Node,
    room: &mut [Element],
    length: usize,
    element: Element,
    add: &mut impl FnMut(usize, f64),
) {
    extend(room, length, element);
    let mut length = length + 1;
    if node.is_leaf() {
        for place in 1..length {
            let Element {
                column: Some(column),
                unknown,
                known,
                ..
            } = room[place]
            else {
                continue;
            };
            let weight = unwound_sum(&room[..length], place);
            add(column as usize, weight * (known - unknown) * node.value);
        }
        return;
    }
    let asked = row.get(node.column as usize).copied().unwrap_or(f64::NAN);
    let hot = node.next(asked);
    let (mut unknown, mut known) = (1.0, 1.0);
    // Asked again, the column stands in the path once, with both answers.
    let before = room[..length]
        .iter()
        .position(|element| element.column == Some(node.column));
    if let Some(place) = before {
        unknown = room[place].unknown;
        known = room[place].known;
        unwind(&mut room[..length], place);
        length -= 1;
    }
    for child in node.children {
        let Some(below) = tree.nodes.get(child as usize) else {
            continue;
        };
        let (path, rest) = room.split_at_mut(length);
        let Some(start) = rest.get_mut(..) else {
            continue;
        };
        start[1..=length].copy_from_slice(path);
        let element = Element {
            column: Some(node.column),
            unknown: unknown * below.cover / node.cover,
            known: if child as usize == hot { known } else { 0.0 },
            weight: 0.0,
        };
        descend(tree, row, below, &mut start[1..], length, element, add);
    }
}

/// Grows the sets that the path stands for by one column.
fn extend(path: &mut [Element], length: usize, element: Element) {
    path[length] = Element {
        weight: if length == 0 { 1.0 } else { 0.0 },
        ..element
    };
    let all = (length + 1) as f64;
    for place in (0..length).rev() {
        let here = path[place].weight;
        path[place + 1].weight += element.known * here * (place + 1) as f64 / all;
        path[place].weight = element.unknown * here * (length - place) as f64 / all;
    }
}

/// Takes the column at `place` out again; the last element is left over.
fn unwind(path: &mut [Element], place: usize) {
    let last = path.len() - 1;
    let Element { unknown, known, .. } = path[place];
    let all = path.len() as f64;
    let mut next = path[last].weight;
    for i in (0..last).rev() {
        if known == 0.0 {
            path[i].weight = path[i].weight * all / (unknown * (last - i) as f64);
        } else {
            let here = path[i].weight;
            path[i].weight = next * all / ((i + 1) as f64 * known);
            next = here - path[i].weight * unknown * (last - i) as f64 / all;
        }
    }
    for i in place..last {
        path[i] = Element {
            weight: path[i].weight,
            ..path[i + 1]
        };
    }
}

/// The weights of all sets without the column at `place`, added up.
fn unwound_sum(path: &[Element], place: usize) -> f64 {
    let last = path.len() - 1;
    let Element { unknown, known, .. } = path[place];
    let all = path.len() as f64;
    let mut next = path[last].weight;
    let mut sum = 0.0;
    for i in (0..last).rev() {
        if known == 0.0 {
            sum += path[i].weight * all / (unknown * (last - i) as f64);
        } else {
            let weight = next * all / ((i + 1) as f64 * known);
            sum += weight;
            next = path[i].weight - weight * unknown * (last - i) as f64 / all;
        }
    }
    sum
}
