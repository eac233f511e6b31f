/**
 * The seam between the client and the wire. {@link dev.apprentice.client.ApprenticeClient} hands calls to a
 * {@link dev.apprentice.client.transport.Transport}, which is HTTP or gRPC, or an application's own in its tests. Read
 * {@code Transport} first. A transport may be called by any number of threads at once. Promise kept here: a call is
 * made once; whether it is repeated is decided above, and how it failed is said so exactly that this can be decided.
 */
@NullMarked
package dev.apprentice.client.transport;

import org.jspecify.annotations.NullMarked;
