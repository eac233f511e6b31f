package dev.apprentice.engine;

/**
 * What the engine is doing now.
 *
 * @param running answers in the batch
 * @param waiting requests without a place
 * @param adapters adapters in memory
 * @param openScopes scopes of native memory; returns to the same number whenever nothing runs
 */
public record EngineStats(int running, int waiting, long adapters, int openScopes) {}
