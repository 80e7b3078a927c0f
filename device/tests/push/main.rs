//! A receiver of what devices push: who is let in, how much, how long, and what is in it.

mod messages;
mod served;
mod service;
