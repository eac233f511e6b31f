/**
 * Measures the program on the machine that it runs on and turns that into tables for a terminal and JSON for whoever
 * compares. The command line hands in a model and how long to measure; nobody takes anything on, and nothing here can
 * be reached from a server that serves. Read {@link dev.apprentice.server.bench.Benchmark} first, then
 * {@code ApiBench}. Servers that are measured run in processes of their own; the load is driven by the calling thread.
 * Promise kept here: every figure was measured in this run, and what the measuring itself costs stands beside it.
 */
@NullMarked
package dev.apprentice.server.bench;

import org.jspecify.annotations.NullMarked;
