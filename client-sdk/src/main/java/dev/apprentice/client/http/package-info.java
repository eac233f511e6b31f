/**
 * Carries calls over HTTP/1.1 and server-sent events. {@link dev.apprentice.client.ApprenticeClient} hands them in,
 * {@code java.net.http} takes them on. Read {@link dev.apprentice.client.http.HttpTransport} first. The bodies are read
 * by the threads that call; {@code HttpClient}'s own threads only pass bytes. Promise kept here: no body is read
 * further than it is asked for, none is held that is larger than allowed, and none outlives its deadline, however
 * slowly it comes.
 */
@NullMarked
package dev.apprentice.client.http;

import org.jspecify.annotations.NullMarked;
