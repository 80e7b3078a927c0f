//! Scripts that the device keeps and runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use xerus_api::luaservice::script_state::{ExecState, ExitType};
use xerus_api::luaservice::{Environment, Manager, ScriptOptions, ScriptState};
use xerus_api::server::luaservice as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use crate::model::Device;
use crate::model::scripts::{self, End, ScriptRefusal, Scripts};

/// Serves `/luaservice`.
pub(super) struct ScriptServant(pub(super) Arc<Device>);

impl ReturnCode for ScriptRefusal {
    fn code(self) -> i32 {
        match self {
            Self::InvalidName => Manager::ERR_INVALID_NAME,
            Self::NoSuchScript => Manager::ERR_NO_SUCH_SCRIPT,
            Self::TooMany => Manager::ERR_MAX_SCRIPT_NUMBERS_EXCEEDED,
            Self::TooLarge => Manager::ERR_MAX_SCRIPT_SIZE_EXCEEDED,
            Self::AllTooLarge => Manager::ERR_MAX_ALL_SCRIPT_SIZE_EXCEEDED,
            Self::Running => Manager::ERR_NOT_TERMINATED,
            Self::NotRunning => Manager::ERR_NOT_RUNNING,
            Self::InvalidAddress => Manager::ERR_INVALID_ADDR,
            Self::TooManyArguments => Manager::ERR_TOO_MANY_ARGUMENTS,
            Self::InvalidArgument => Manager::ERR_ARGUMENT_NOT_VALID,
        }
    }
}

impl ScriptServant {
    fn scripts<T>(&self, work: impl FnOnce(std::time::Duration, &mut Scripts) -> T) -> T {
        let now = self.0.clock().now();
        work(now, &mut self.0.maintenance().scripts)
    }

    fn change<'a>(
        &self,
        context: &Context,
        work: impl FnOnce(std::time::Duration, &mut Scripts) -> Result<(), ScriptRefusal>,
    ) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| self.scripts(work))
    }
}

impl traits::Manager for ScriptServant {
    fn set_script<'a>(
        &'a self,
        context: &'a Context,
        name: String,
        script: String,
        options: ScriptOptions,
    ) -> Reply<'a, ()> {
        self.change(context, |now, scripts| {
            scripts.set(now, &name, &script, read(options))
        })
    }

    fn get_script<'a>(&'a self, context: &'a Context, name: String) -> Reply<'a, String> {
        // A script may have passwords in it.
        answer::change(&self.0, context, |_| {
            self.scripts(|_, scripts| scripts.source(&name).map(str::to_owned))
        })
    }

    fn get_script_names<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<String>> {
        Reply::ok(self.scripts(|_, scripts| scripts.names().map(str::to_owned).collect()))
    }

    fn delete_script<'a>(&'a self, context: &'a Context, name: String) -> Reply<'a, ()> {
        self.change(context, |now, scripts| scripts.delete(now, &name))
    }

    fn set_script_options<'a>(
        &'a self,
        context: &'a Context,
        name: String,
        options: ScriptOptions,
    ) -> Reply<'a, ()> {
        self.change(context, |_, scripts| {
            scripts.set_options(&name, read(options))
        })
    }

    fn get_script_options<'a>(
        &'a self,
        context: &'a Context,
        name: String,
    ) -> Reply<'a, ScriptOptions> {
        answer::change(&self.0, context, |_| {
            self.scripts(|_, scripts| scripts.options(&name).map(options))
        })
    }

    fn get_environment<'a>(&'a self, _: &'a Context) -> Reply<'a, Environment> {
        let number = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let seconds = |time: std::time::Duration| i32::try_from(time.as_secs()).unwrap_or(i32::MAX);
        Reply::ok(self.scripts(|_, all| Environment {
            max_script_memory_growth: 128 * 1024,
            max_amount_of_scripts: number(scripts::MOST_SCRIPTS),
            amount_of_scripts: number(all.names().len()),
            max_script_size: number(scripts::MOST_BYTES),
            max_all_script_size: number(scripts::MOST_BYTES_OF_ALL),
            all_script_size: number(all.bytes()),
            output_buffer_size: number(scripts::OUTPUT_BYTES),
            restart_interval: seconds(scripts::RESTART_INTERVAL),
            auto_start_delay: seconds(scripts::AUTO_START_DELAY),
            extra_: Default::default(),
        }))
    }

    fn get_script_output<'a>(
        &'a self,
        _: &'a Context,
        name: String,
        from: i64,
    ) -> Reply<'a, (i64, i64, String, bool)> {
        let piece = self.scripts(|now, scripts| scripts.output(now, &name, from));
        answer::reply(piece.map(|piece| (piece.first, piece.next, piece.text, piece.more)))
    }

    fn clear_script_output<'a>(&'a self, context: &'a Context, name: String) -> Reply<'a, ()> {
        self.change(context, |now, scripts| scripts.clear_output(now, &name))
    }

    fn start_script<'a>(&'a self, context: &'a Context, name: String) -> Reply<'a, ()> {
        self.change(context, |now, scripts| scripts.start(now, &name, None))
    }

    fn start_script_with_args<'a>(
        &'a self,
        context: &'a Context,
        name: String,
        arguments: BTreeMap<String, String>,
    ) -> Reply<'a, ()> {
        self.change(context, |now, scripts| {
            scripts.start(now, &name, Some(arguments))
        })
    }

    fn terminate_script<'a>(&'a self, context: &'a Context, name: String) -> Reply<'a, ()> {
        self.change(context, |now, scripts| scripts.terminate(now, &name))
    }

    fn get_script_state<'a>(&'a self, _: &'a Context, name: String) -> Reply<'a, ScriptState> {
        let state = self.scripts(|now, scripts| scripts.state(now, &name));
        answer::whole(state.map(told), || told(scripts::ScriptState::New))
    }

    fn get_script_states<'a>(&'a self, _: &'a Context) -> Reply<'a, BTreeMap<String, ScriptState>> {
        Reply::ok(self.scripts(|now, scripts| {
            let names: Vec<String> = scripts.names().map(str::to_owned).collect();
            let states = names.into_iter().filter_map(|name| {
                let state = scripts.state(now, &name).ok()?;
                Some((name, told(state)))
            });
            states.collect()
        }))
    }
}

fn read(options: ScriptOptions) -> scripts::ScriptOptions {
    scripts::ScriptOptions {
        arguments: options.default_args,
        auto_start: options.auto_start,
        auto_restart: options.auto_restart,
    }
}

fn options(options: &scripts::ScriptOptions) -> ScriptOptions {
    ScriptOptions {
        default_args: options.arguments.clone(),
        auto_start: options.auto_start,
        auto_restart: options.auto_restart,
        extra_: Default::default(),
    }
}

fn told(state: scripts::ScriptState) -> ScriptState {
    let (exec_state, end) = match state {
        scripts::ScriptState::New => (ExecState::StatNew, End::Code(0)),
        scripts::ScriptState::Running => (ExecState::StatRunning, End::Code(0)),
        scripts::ScriptState::Ended(end) => (ExecState::StatTerminated, end),
        scripts::ScriptState::Restarting(end) => (ExecState::StatRestarting, end),
    };
    let (exit_type, exit_status) = match end {
        End::Code(code) => (ExitType::ExitCode, code),
        End::Signal(signal) => (ExitType::Signal, signal),
    };
    ScriptState {
        exec_state,
        exit_type,
        exit_status,
        extra_: Default::default(),
    }
}
