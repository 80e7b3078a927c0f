//! What is no list and no tuple is no bulk: an absent call at the top would read as a list of none.

use xerus_rpc::{Agent, Call, Checked};

fn option(agent: &Agent, switch: Option<Call<(), Checked>>) {
    drop(agent.bulk(switch));
}

fn one(agent: &Agent, switch: Call<(), Checked>) {
    drop(agent.bulk(switch));
}

fn results(agent: &Agent) {
    drop(agent.bulk(vec![1, 2]));
}

fn main() {}
