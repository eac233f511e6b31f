/**
 * Carries calls over gRPC. {@link dev.apprentice.client.ApprenticeClient} hands them in, grpc-java takes them on. Read
 * {@link dev.apprentice.client.grpc.GrpcTransport} first. What a call waits for is waited for by its own thread;
 * Netty's threads only pass messages. Promise kept here: what an application sees, values and errors alike, is the same
 * as over HTTP, and what gRPC cannot carry is refused by name and never dropped.
 */
@NullMarked
package dev.apprentice.client.grpc;

import org.jspecify.annotations.NullMarked;
