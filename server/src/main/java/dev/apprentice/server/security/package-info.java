/**
 * Who may ask what. The listener hands every request in; those that may pass go on to the doors. Read
 * {@link dev.apprentice.server.security.LoopbackGuard} first. Nothing here has state. Promise kept here: without keys
 * nobody but programs on this machine is served, and no web page that a browser on it happens to show.
 */
@NullMarked
package dev.apprentice.server.security;

import org.jspecify.annotations.NullMarked;
