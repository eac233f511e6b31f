/**
 * The demonstration: plays a person who teaches a fresh instance a made-up job over HTTP, and draws how it grows. It
 * talks to a server as any client would and knows nothing of its inside. Read {@code Demonstration} first. Promise kept
 * here: every figure it prints was measured in this run.
 */
@NullMarked
package dev.apprentice.server.demo;

import org.jspecify.annotations.NullMarked;
