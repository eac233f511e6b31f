/**
 * What all HTTP doors share: bytes of a request become checked JSON, answers and errors become bytes. The listener in
 * {@code dev.apprentice.server} hands requests in; the doors ({@code .openai}, {@code .teaching}, {@code .admin}) take
 * them on. Read {@link dev.apprentice.server.http.Routes} first. Each request belongs to the virtual thread of its
 * connection; a second one per connection only reads ahead. Promise kept here: bad input gets an error that names the
 * field, and no client ever sees a stack trace.
 */
@NullMarked
package dev.apprentice.server.http;

import org.jspecify.annotations.NullMarked;
