package dev.apprentice.engine;

/**
 * What the cache of prompts' beginnings holds and how well it serves.
 *
 * @param takenTokens prompt tokens that were taken from it, since the start
 * @param readTokens prompt tokens that might have been and had to be read, since the start
 * @param blocks blocks in memory
 * @param bytes their size
 * @param evictedBlocks blocks that had to make room, since the start
 */
public record PrefixStats(long takenTokens, long readTokens, long blocks, long bytes, long evictedBlocks) {
    /** Of an engine that keeps none. */
    public static final PrefixStats NONE = new PrefixStats(0, 0, 0, 0, 0);
}
