/**
 * Turns what happens into figures and spans for whoever operates the server: a page of metrics and, where an address is
 * given, traces by OTLP. The listener hands in each request, {@code asking} each answer, the learner its events; nobody
 * takes anything on. Read {@link dev.apprentice.server.telemetry.Telemetry} first. Figures belong to no thread; a span
 * belongs to the thread that began it. Promise kept here: no content leaves unless it was asked for, and the number of
 * series is bounded.
 */
@NullMarked
package dev.apprentice.server.telemetry;

import org.jspecify.annotations.NullMarked;
