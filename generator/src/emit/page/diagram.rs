//! Relations as a picture: a box for each model, and an arrow for each relation.

use std::collections::{BTreeMap, VecDeque};

use crate::catalog::{Catalog, Reach};

const WIDTH: usize = 170;
const HEIGHT: usize = 40;
const ACROSS: usize = 330;
const DOWN: usize = 90;
const MARGIN: usize = 50;
/// The distance between arrows of the same two models.
const LANE: usize = 14;
/// The distance from a box to the middle of an arrow's label.
const BESIDE: usize = 80;

/// The picture. All numbers are pixels.
pub(super) struct Diagram {
    pub width: usize,
    pub height: usize,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

pub(super) struct Node {
    pub name: String,
    pub x: usize,
    pub y: usize,
    /// The middle of its name.
    pub middle: usize,
    pub baseline: usize,
}

pub(super) struct Edge {
    /// The path of an SVG.
    pub path: String,
    pub label: String,
    pub x: usize,
    pub y: usize,
}

/// An arrow from one model to another.
struct Way<'c> {
    from: &'c str,
    to: &'c str,
    label: String,
}

impl Diagram {
    /// The picture of all relations; `None` without relations.
    pub fn of(catalog: &Catalog) -> Option<Self> {
        let ways: Vec<Way<'_>> = catalog
            .models
            .iter()
            .flat_map(|model| model.relations.iter().map(move |relation| (model.name.as_str(), relation)))
            .map(|(from, relation)| Way {
                from,
                to: relation.model.as_str(),
                label: match &relation.reach {
                    Reach::One { .. } => format!("{}: 1", relation.name),
                    Reach::Partner { .. } => format!("{}: 0 or 1", relation.name),
                    Reach::Many { .. } => format!("{}: many", relation.name),
                    Reach::Through { adjacency, .. } => format!("{}: many, by {adjacency}", relation.name),
                },
            })
            .collect();
        if ways.is_empty() {
            return None;
        }
        let places = places(&ways);
        let columns = places.values().map(|(column, _)| column + 1).max().unwrap_or(1);
        let rows = places.values().map(|(_, row)| row + 1).max().unwrap_or(1);
        let corner = |(column, row): (usize, usize)| (MARGIN + column * ACROSS, MARGIN + row * DOWN);
        let nodes = places.iter().map(|(name, place)| {
            let (x, y) = corner(*place);
            Node { name: (*name).to_owned(), x, y, middle: x + WIDTH / 2, baseline: y + HEIGHT / 2 + 5 }
        });
        // Arrows between the same two models are drawn beside each other.
        let mut drawn: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let edges = ways.iter().map(|way| {
            let pair = if way.from <= way.to { (way.from, way.to) } else { (way.to, way.from) };
            let number = drawn.entry(pair).or_default();
            *number += 1;
            edge(way, corner(places[way.from]), corner(places[way.to]), *number - 1)
        });
        Some(Diagram {
            edges: edges.collect(),
            nodes: nodes.collect(),
            width: 2 * MARGIN + (columns - 1) * ACROSS + WIDTH,
            height: 2 * MARGIN + (rows - 1) * DOWN + HEIGHT + 20,
        })
    }
}

/// A column and a row for each model. Related models are side by side, below unrelated ones.
fn places<'c>(ways: &[Way<'c>]) -> BTreeMap<&'c str, (usize, usize)> {
    let mut names: Vec<&str> = ways.iter().flat_map(|way| [way.from, way.to]).collect();
    names.sort_unstable();
    names.dedup();
    let degree = |name: &str| ways.iter().filter(|way| way.from == name || way.to == name).count();
    let mut places: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut top = 0;
    while places.len() < names.len() {
        // Of the remaining models, the one with the most arrows begins.
        let left = names.iter().copied().filter(|name| !places.contains_key(name));
        let Some(root) = left.max_by_key(|name| (degree(name), std::cmp::Reverse(*name))) else { break };
        // How many rows of each column are taken.
        let mut taken: BTreeMap<usize, usize> = BTreeMap::from([(0, 1)]);
        places.insert(root, (0, top));
        let mut waiting = VecDeque::from([root]);
        while let Some(name) = waiting.pop_front() {
            let column = places[name].0 + 1;
            let beside = ways.iter().filter_map(|way| match (way.from == name, way.to == name) {
                (true, _) => Some(way.to),
                (_, true) => Some(way.from),
                _ => None,
            });
            for other in beside {
                if !places.contains_key(other) {
                    let row = taken.entry(column).or_default();
                    places.insert(other, (column, top + *row));
                    *row += 1;
                    waiting.push_back(other);
                }
            }
        }
        top += taken.into_values().max().unwrap_or(1);
    }
    places
}

fn edge(way: &Way<'_>, from: (usize, usize), to: (usize, usize), number: usize) -> Edge {
    let aside = LANE * number;
    let label = way.label.clone();
    if from == to {
        let (x, y) = (from.0 + WIDTH / 2, from.1 + HEIGHT);
        let path = format!("M{} {y} C{} {} {} {} {} {y}", x - 30, x - 50, y + 40, x + 50, y + 40, x + 30);
        return Edge { path, label, x, y: y + 42 + aside };
    }
    let (top, bottom) = (from.1 + LANE + aside, to.1 + LANE + aside);
    if from.0 == to.0 {
        let x = from.0 + WIDTH;
        let out = x + 60 + aside;
        return Edge {
            path: format!("M{x} {top} C{out} {top} {out} {bottom} {x} {bottom}"),
            label,
            x: out,
            y: (top + bottom) / 2,
        };
    }
    let (start, end) = if from.0 < to.0 { (from.0 + WIDTH, to.0) } else { (from.0, to.0 + WIDTH) };
    let middle = (start + end) / 2;
    // Beside the right box, where fewer arrows begin.
    let right = if from.0 < to.0 { (to.0, bottom) } else { (from.0, top) };
    Edge {
        path: format!("M{start} {top} C{middle} {top} {middle} {bottom} {end} {bottom}"),
        label,
        x: right.0 - BESIDE,
        y: right.1 + LANE / 3,
    }
}
