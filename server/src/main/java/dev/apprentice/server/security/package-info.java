/**
 * Who may ask what. {@code dev.apprentice.server.http.Routes} hands every request in, with what its row needs; the
 * {@link dev.apprentice.server.security.Caller} made of it goes on to the doors. Read
 * {@link dev.apprentice.server.security.Guard} first. Promise kept here: without keys nobody but programs on this
 * machine is served, and no web page that a browser on it happens to show; with keys nobody without one.
 */
@NullMarked
package dev.apprentice.server.security;

import org.jspecify.annotations.NullMarked;
