/**
 * The gRPC door: the contract's services on the same port as HTTP, over HTTP/2 with prior knowledge. The listener hands
 * calls in; {@link dev.apprentice.server.asking.Asker} and the learner take them on, through the readers that HTTP
 * uses. Read {@code GrpcDoors} first. A call belongs to its stream's virtual thread. Promise kept here: every call ends
 * with a status.
 */
@NullMarked
package dev.apprentice.server.grpc;

import org.jspecify.annotations.NullMarked;
