//! Groups of servers: which of them takes the next call.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::select_all;
use tokio::task::JoinSet;

use super::connection::Connection;
use super::member::{Condition, Member, Plan};
use super::servers::Server;
use super::unreachable::ServerCause;
use crate::error::ConnectError;
use crate::waiting::Home;

/// The place of a server: its group and its number there.
pub(super) type Place = (usize, usize);

/// The servers that a call has tried: one as a rule.
#[derive(Debug, Default)]
pub(super) struct Tried {
    first: Option<Place>,
    more: Vec<Place>,
}

impl Tried {
    pub(super) fn add(&mut self, place: Place) {
        match self.first {
            None => self.first = Some(place),
            Some(_) => self.more.push(place),
        }
    }

    fn has(&self, place: Place) -> bool {
        self.first == Some(place) || self.more.contains(&place)
    }
}

pub(super) struct Pool {
    groups: Vec<Group>,
    /// The runtime of its tasks.
    pub(super) home: Home,
    _tasks: JoinSet<()>,
}

struct Group {
    members: Vec<Member>,
    /// What each has to its credit, in the rotation by weights.
    credits: Mutex<Vec<i64>>,
}

/// What a call does next.
pub(super) enum Pick {
    Use(Place, Arc<Connection>),
    /// The same; it finds out whether a silent server answers again.
    Probe(Place, Arc<Connection>),
    /// It is not yet known whether any in this group can be reached.
    Wait(usize),
    Nobody,
}

impl Pool {
    /// Starts to connect to all of them.
    pub(super) fn start(servers: &[Server], plan: &Plan) -> Self {
        let mut ranks: Vec<i64> = servers
            .iter()
            .map(|server| server.priority.rank())
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut plan = plan.clone();
        if servers.len() < 2 {
            // Nobody else could take its calls.
            plan.limits.silent = 0;
        }
        let mut tasks = JoinSet::new();
        let groups = ranks.into_iter().map(|rank| {
            let same = servers
                .iter()
                .filter(|server| server.priority.rank() == rank);
            let members: Vec<Member> = same
                .map(|server| {
                    let (member, keep_up) = Member::new(server.clone(), plan.clone());
                    tasks.spawn(keep_up);
                    member
                })
                .collect();
            let credits = Mutex::new(vec![0; members.len()]);
            Group { members, credits }
        });
        let groups = groups.collect();
        Self {
            groups,
            home: Home::here(),
            _tasks: tasks,
        }
    }

    pub(super) fn member(&self, (group, number): Place) -> &Member {
        &self.groups[group].members[number]
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Member> {
        self.groups.iter().flat_map(|group| &group.members)
    }

    /// Whether its connections are kept up.
    pub(super) fn is_kept_up(&self) -> bool {
        self.members().all(Member::is_kept_up)
    }

    /// The next server for a call that has tried some. Only what is answered finds out whether a silent server is back; nobody else left, it
    /// takes all calls.
    pub(super) fn pick(&self, tried: &Tried, is_answered: bool) -> Pick {
        let mut silent = None;
        for (number, group) in self.groups.iter().enumerate() {
            // A group of one has no turns.
            if let [only] = group.members.as_slice()
                && let Condition::Up(connection) = only.condition()
                && is_usable(only, &connection)
                && !connection.is_silent()
                && !tried.has((number, 0))
            {
                return Pick::Use((number, 0), connection);
            }
            let (mut usable, mut connecting) = (Vec::new(), false);
            for (index, member) in group.members.iter().enumerate() {
                if tried.has((number, index)) {
                    continue;
                }
                match member.condition() {
                    Condition::Up(connection) if !is_usable(member, &connection) => {}
                    Condition::Up(connection) if connection.is_silent() => {
                        if is_answered && connection.probe() {
                            return Pick::Probe((number, index), connection);
                        }
                        silent.get_or_insert(((number, index), connection));
                    }
                    Condition::Up(connection) => {
                        usable.push((index, connection));
                    }
                    Condition::Connecting => connecting = true,
                    Condition::Down(..) => {}
                }
            }
            if !usable.is_empty() {
                let chosen = group.turn(&usable);
                let (index, connection) = usable.swap_remove(chosen);
                return Pick::Use((number, index), connection);
            }
            if connecting {
                return Pick::Wait(number);
            }
        }
        silent.map_or(Pick::Nobody, |(place, connection)| {
            Pick::Use(place, connection)
        })
    }

    /// Waits until one more in the group is known to be up or down.
    pub(super) async fn decided(&self, group: usize, tried: &Tried) {
        let members = self.connecting(group, tried).into_iter();
        let waits: Vec<_> = members
            .map(|place| Box::pin(self.member(place).decided()))
            .collect();
        if !waits.is_empty() {
            select_all(waits).await;
        }
    }

    /// Those of which it is not yet known whether they can be reached.
    pub(super) fn connecting(&self, group: usize, tried: &Tried) -> Vec<Place> {
        let numbers = 0..self.groups[group].members.len();
        numbers
            .map(|number| (group, number))
            .filter(|place| !tried.has(*place))
            .filter(|place| matches!(self.member(*place).condition(), Condition::Connecting))
            .collect()
    }

    /// Whether there is a group behind this one.
    pub(super) fn has_more(&self, group: usize) -> bool {
        group + 1 < self.groups.len()
    }

    /// Why each of them takes no call now.
    pub(super) fn causes(&self) -> Vec<ServerCause> {
        self.members()
            .map(|member| {
                let error = match member.condition() {
                    Condition::Down(_, true) => ConnectError::Silent,
                    Condition::Down(error, false) => error,
                    Condition::Connecting => ConnectError::Unreachable,
                    Condition::Up(connection) if connection.is_open() => ConnectError::Full,
                    // It has just ended.
                    Condition::Up(connection) if connection.is_silent() => ConnectError::Silent,
                    Condition::Up(_) => ConnectError::Other,
                };
                ServerCause::of_server(&member.name, error)
            })
            .collect()
    }
}

fn is_usable(member: &Member, connection: &Connection) -> bool {
    connection.is_open() && connection.waiting() < member.server.max_waiting
}

impl Group {
    /// Whose turn it is among those that can be used: each as often as its weight says, and evenly spread.
    fn turn(&self, usable: &[(usize, Arc<Connection>)]) -> usize {
        let weights: Vec<i64> = usable
            .iter()
            .map(|(index, _)| self.members[*index].server.weight.into())
            .collect();
        let mut credits = self.credits.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers: Vec<usize> = usable.iter().map(|(index, _)| *index).collect();
        rotate(&mut credits, &numbers, &weights)
    }
}

/// Gives each its weight, takes all of that from the one with the most, and says which one that is.
fn rotate(credits: &mut [i64], numbers: &[usize], weights: &[i64]) -> usize {
    let none = weights.iter().all(|weight| *weight == 0);
    let weight = |place: usize| if none { 1 } else { weights[place] };
    let mut best: Option<usize> = None;
    let mut total = 0;
    for (place, number) in numbers.iter().enumerate() {
        total += weight(place);
        credits[*number] += weight(place);
        let more = |best: usize| credits[*number] > credits[numbers[best]];
        if weight(place) > 0 && best.is_none_or(more) {
            best = Some(place);
        }
    }
    let best = best.unwrap_or(0);
    credits[numbers[best]] -= total;
    best
}

#[cfg(test)]
mod tests {
    use super::rotate;

    fn turns(weights: &[i64], count: usize) -> Vec<usize> {
        let numbers: Vec<usize> = (0..weights.len()).collect();
        let mut credits = vec![0; weights.len()];
        (0..count)
            .map(|_| rotate(&mut credits, &numbers, weights))
            .collect()
    }

    #[test]
    fn equal_servers_take_turns() {
        assert_eq!(turns(&[1, 1, 1], 6), [0, 1, 2, 0, 1, 2]);
    }

    #[test]
    fn weights_are_kept_exactly_and_spread() {
        let turns = turns(&[3, 1, 0], 8);
        assert_eq!(turns, [0, 0, 1, 0, 0, 0, 1, 0]);
    }

    #[test]
    fn n31_weight_zero_counts_when_nothing_else_is_up() {
        assert_eq!(turns(&[0, 0], 3), [0, 1, 0]);
    }
}
