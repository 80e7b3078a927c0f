//! A call that was made but not sent switches nothing.
#![deny(unused_must_use)]

use xerus_rpc::{Agent, Call, Checked, ProgressCall};

fn dropped(agent: &Agent, switch: Call<(), Checked>, test: ProgressCall<i32, (), Checked>) {
    switch.clone();
    switch.clone().code();
    switch.clone().send();
    switch.clone().with_meta();
    switch.clone().notify();
    agent.bulk([switch.clone()]);
    agent.bulk([switch.clone()]).all();
    agent.batch().add(switch);
    test.clone();
    test.without_progress();
}

fn main() {}
