/**
 * How the world reaches Apprentice: HTTP in, answers out. It hands on to {@code dev.apprentice.learner} and knows no
 * tensor. Read {@code Apprentice} first. Promise kept here: bad input gets an error that names the field, and nothing
 * is lost.
 */
@NullMarked
package dev.apprentice.server;

import org.jspecify.annotations.NullMarked;
