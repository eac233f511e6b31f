package dev.apprentice.engine;

/**
 * What the engine is doing now.
 *
 * @param running answers in the batch
 * @param waiting requests without a place
 * @param adapters adapters in memory
 * @param prefixes the cache of prompts' beginnings
 * @param openScopes scopes of native memory; returns to the same number whenever nothing runs
 * @param arrays native tensors in them
 */
public record EngineStats(
        int running, int waiting, AdapterStats adapters, PrefixStats prefixes, int openScopes, long arrays) {}
