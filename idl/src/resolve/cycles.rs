/// Finds one cycle in each strongly connected part of a directed graph, without recursion.
///
/// `edges[n]` are the successors of node `n`. A cycle is given by its nodes in order, starting with
/// the smallest; a node with an edge to itself is a cycle of one. Time and memory are linear in
/// nodes and edges.
pub(super) fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let components = components(edges);
    let mut first = vec![usize::MAX; edges.len()];
    for (node, &component) in components.iter().enumerate() {
        if first[component] == usize::MAX {
            first[component] = node;
        }
    }
    let mut before = vec![usize::MAX; edges.len()];
    let mut found = Vec::new();
    for (component, &start) in first.iter().enumerate() {
        if start != usize::MAX {
            found.extend(shortest(edges, &components, component, start, &mut before));
        }
    }
    found.sort_unstable();
    found
}

/// The shortest way from `start` back to itself inside its component, by breadth-first search.
fn shortest(
    edges: &[Vec<usize>],
    components: &[usize],
    component: usize,
    start: usize,
    before: &mut [usize],
) -> Option<Vec<usize>> {
    let mut queue = vec![start];
    let mut next = 0;
    while let Some(&node) = queue.get(next) {
        next += 1;
        for &to in &edges[node] {
            if to == start {
                let mut path = vec![node];
                while let Some(&at) = path.last()
                    && at != start
                {
                    path.push(before[at]);
                }
                path.reverse();
                return Some(path);
            }
            if components[to] == component && before[to] == usize::MAX {
                before[to] = node;
                queue.push(to);
            }
        }
    }
    None
}

/// The component number of each node: Tarjan's algorithm with an explicit stack.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut component = vec![NEW; edges.len()];
    let mut open = Vec::new();
    let mut counter = 0;
    let mut components = 0;
    let mut work: Vec<(usize, usize)> = Vec::new();
    for root in 0..edges.len() {
        if order[root] != NEW {
            continue;
        }
        work.push((root, 0));
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                order[node] = counter;
                low[node] = counter;
                counter += 1;
                open.push(node);
            }
            if let Some(&to) = edges[node].get(edge) {
                work.push((node, edge + 1));
                if order[to] == NEW {
                    work.push((to, 0));
                } else if component[to] == NEW {
                    low[node] = low[node].min(order[to]);
                }
                continue;
            }
            if low[node] == order[node] {
                while let Some(member) = open.pop() {
                    component[member] = components;
                    if member == node {
                        break;
                    }
                }
                components += 1;
            }
            if let Some(&(parent, _)) = work.last() {
                low[parent] = low[parent].min(low[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cycle_for_each_component() {
        //  0 -> 1 -> 2 -> 1    3 -> 3    4 -> 5 -> 6 -> 4, 5 -> 4
        let edges = [
            vec![1],
            vec![2],
            vec![1],
            vec![3],
            vec![5],
            vec![6, 4],
            vec![4],
            vec![],
        ];
        assert_eq!(cycles(&edges), [vec![1, 2], vec![3], vec![4, 5]]);
    }

    #[test]
    fn no_edges_no_cycles() {
        assert!(cycles(&[vec![], vec![0], vec![0, 1]]).is_empty());
        assert!(cycles(&[]).is_empty());
    }

    #[test]
    fn a_ring_of_many_nodes_needs_no_stack() {
        let size = 200_000;
        let edges: Vec<_> = (0..size).map(|n| vec![(n + 1) % size]).collect();
        let found = cycles(&edges);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), size);
        assert_eq!(found[0][..3], [0, 1, 2]);
    }

    #[test]
    fn agrees_with_a_simple_search() {
        // Every graph of three nodes.
        for bits in 0..512_u32 {
            let edges: Vec<Vec<usize>> = (0..3)
                .map(|from| {
                    (0..3)
                        .filter(|to| bits >> (from * 3 + to) & 1 == 1)
                        .collect()
                })
                .collect();
            let mut reach = [[false; 3]; 3];
            for (from, list) in edges.iter().enumerate() {
                for &to in list {
                    reach[from][to] = true;
                }
            }
            for via in 0..3 {
                for from in 0..3 {
                    for to in 0..3 {
                        reach[from][to] |= reach[from][via] && reach[via][to];
                    }
                }
            }
            let both = |a: usize, b: usize| reach[a][b] && reach[b][a];
            let is_first = |node: usize| both(node, node) && !(0..node).any(|n| both(n, node));
            let expected: Vec<usize> = (0..3).filter(|node| is_first(*node)).collect();
            let found = cycles(&edges);
            let starts: Vec<_> = found.iter().map(|cycle| cycle[0]).collect();
            assert_eq!(starts, expected, "{edges:?}");
            for cycle in found {
                for (at, node) in cycle.iter().enumerate() {
                    let to = cycle[(at + 1) % cycle.len()];
                    assert!(edges[*node].contains(&to), "{edges:?} {cycle:?}");
                }
            }
        }
    }
}
