/**
 * Turns the server's JSON into values that a program reads, and keeps what it does not know. The transports hand it in,
 * the rooms {@code asking}, {@code teaching} and {@code admin} give it names. Read
 * {@link dev.apprentice.client.value.JsonValue} first. Everything here is immutable and may be shared between threads.
 * Promise kept here: a field or a kind that this version has never heard of survives, and never breaks a program.
 */
@NullMarked
package dev.apprentice.client.value;

import org.jspecify.annotations.NullMarked;
