//! The command line: one file a command, the same domain and storage calls as `http`.

mod account;
mod args;
mod audit;
mod backup;
mod copy;
mod demo;
mod device;
mod error;
mod export;
pub mod form;
mod forms;
mod licenses;
mod opening;
mod output;
mod period;
pub mod publish;
mod receipt;
mod restore;
mod retention;
mod routes;
mod running;
mod serve;
mod token;
mod unit;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

pub use self::error::CliError;
use self::{
    args::{Cli, Command, CommonArgs, ServeArgs},
    output::Output,
};
use crate::{
    config::{Given, SETTINGS, Settings},
    telemetry,
};

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    let matches = command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let mut out = Output;
    let ended = misplaced(&cli).map_or(Ok(()), Err).and_then(|()| dispatch(cli, &mut out));
    telemetry::finish();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            out.say(format_args!("error: {error}"));
            error.exit_code()
        }
    }
}

/// Options that would be dropped without a word: those of `serve` before another command, and `--set` on both sides
/// of one.
fn misplaced(cli: &Cli) -> Option<CliError> {
    if cli.command.is_some() && !cli.serve.given().is_empty() {
        let what = "--listen, --public-url, --forms, --strict-forms, --tls-cert, --tls-key and --trusted-proxy stand after \
             the command that they are for";
        return Some(CliError::Usage(what.to_owned()));
    }
    let written = std::env::args().filter(|arg| arg == "--set" || arg.starts_with("--set=")).count();
    (written != cli.common.set.len())
        .then(|| CliError::Usage("write all --set on the same side of the command".to_owned()))
}

fn dispatch(cli: Cli, out: &mut Output) -> Result<(), CliError> {
    let common = &cli.common;
    match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(args) => serve::run(&settings(common, &args, None)?, out),
        Command::Demo(args) => demo::run(&args, &settings(common, &args.serve, Some(demo::DATABASE))?, out),
        Command::Form(command) => forms::run(&command, &plain(common)?, out),
        Command::Unit(command) => unit::run(&command, &plain(common)?, out),
        Command::Receipt(command) => receipt::run(&command, &settings(common, &command.serve(), None)?, out),
        Command::Account(command) => account::run(&command, &plain(common)?, out),
        Command::Routes => routes::run(out),
        Command::Retention { run } => retention::run(run, &plain(common)?, out),
        Command::Licenses => licenses::run(out),
        Command::Token(command) => token::run(&command, &plain(common)?, out),
        Command::Device(command) => device::run(&command, &plain(common)?, out),
        Command::Audit(command) => audit::run(&command, &plain(common)?, out),
        Command::Period(command) => period::run(&command, &plain(common)?, out),
        Command::Export(command) => export::run(&command, &plain(common)?, out),
        Command::Verify => verify::run(&plain(common)?, out),
        Command::Backup(args) => backup::run(&args, &plain(common)?, out),
        Command::Restore(args) => restore::run(&args, &plain(common)?, out),
        Command::Copy(args) => copy::run(&args, out),
        Command::Migrate => opening::migrate(&plain(common)?, out),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command(), "sipas", &mut script);
            Ok(out.data(String::from_utf8_lossy(&script).trim_end())?)
        }
    }
}

/// The arguments, with all settings in the help of what serves.
fn command() -> clap::Command {
    let list = |with_default: bool| {
        let line = |s: &crate::config::Setting| {
            let default = s.default.filter(|d| with_default && !d.is_empty());
            let default = default.map_or_else(String::new, |d| format!(" [default: {d}]"));
            format!("  {:22} {:28} {}{default}", s.name, s.variable, s.help)
        };
        SETTINGS.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let settings = format!(
        "Settings: on the command line (as an option, or --set NAME=VALUE), in the environment, or in \
         sipas.toml (NAME = VALUE), the first of these that says something:\n\n{}\n\n{}",
        list(true),
        args::SERVE_EXAMPLE
    );
    Cli::command().mut_subcommand("serve", move |serve| serve.after_long_help(settings))
}

fn plain(common: &CommonArgs) -> Result<Settings, CliError> {
    settings(common, &ServeArgs::default(), None)
}

/// The settings, with another default for the database where a command has its own.
fn settings(common: &CommonArgs, serve: &ServeArgs, database: Option<&str>) -> Result<Settings, CliError> {
    let mut given = Vec::new();
    for pair in &common.set {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| CliError::Usage(format!("--set {pair:?}: write NAME=VALUE")))?;
        let setting = SETTINGS.iter().find(|s| s.name == name).ok_or_else(|| {
            CliError::Usage(format!("--set {name:?} is no setting; `sipas serve --help` lists all"))
        })?;
        given.push(Given { name: setting.name, value: value.to_owned() });
    }
    given.extend(serve.given());
    let options = [("database-url", &common.database_url), ("key-file", &common.key_file)];
    for (name, value) in options {
        given.extend(value.clone().map(|value| Given { name, value }));
    }
    Ok(Settings::load(given, common.config.clone(), database)?)
}
