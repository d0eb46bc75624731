//! Doors: who gets in, what they may do there, and that nobody else can.

mod edges;
mod people;
mod people_account;
mod people_mail;
mod people_office;
mod people_shell;
mod people_sign_in;
mod people_welcome;
