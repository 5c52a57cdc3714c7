//! Cycles of declarations.

use std::collections::BTreeMap;

/// How many places of a cycle are shown.
const MOST_PLACES: usize = 8;

/// The cycles that a depth-first search finds. Each is given by its first nodes, with the edge that leaves each node. `edges` has
/// the targets of each node.
pub(in crate::check) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<(usize, usize)>> {
    let mut cycles = Vec::new();
    let mut done = vec![false; edges.len()];
    for start in 0..edges.len() {
        if done[start] {
            continue;
        }
        // The path from the start, each node with the edge to follow next. An explicit stack replaces recursion, because a chain
        // may be as long as declarations allow.
        let mut path = vec![(start, 0)];
        let mut position: BTreeMap<usize, usize> = BTreeMap::from([(start, 0)]);
        while let Some((node, edge)) = path.last().copied() {
            let Some(target) = edges[node].get(edge) else {
                done[node] = true;
                position.remove(&node);
                path.pop();
                if let Some(previous) = path.last_mut() {
                    previous.1 += 1;
                }
                continue;
            };
            if let Some(first) = position.get(target) {
                cycles.push(path[*first..].iter().copied().take(MOST_PLACES).collect());
            } else if !done[*target] {
                position.insert(*target, path.len());
                path.push((*target, 0));
                continue;
            }
            if let Some(last) = path.last_mut() {
                last.1 += 1;
            }
        }
    }
    cycles
}
