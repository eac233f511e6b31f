/**
 * The Java client of Apprentice: an application's questions, corrections and administration, over HTTP or gRPC. The
 * application calls {@link dev.apprentice.client.ApprenticeClient}, which hands each try of a call to a
 * {@link dev.apprentice.client.transport.Transport}. Read {@code ApprenticeClient} first. A client is immutable and may
 * be shared by all threads; a stream belongs to one reader. Promise kept here: nothing is sent twice that could be done
 * twice, and no call outlives its deadline.
 */
@NullMarked
package dev.apprentice.client;

import org.jspecify.annotations.NullMarked;
