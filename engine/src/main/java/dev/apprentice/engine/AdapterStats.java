package dev.apprentice.engine;

/**
 * What is in memory of adapters.
 *
 * @param count adapters in memory or on their way
 * @param bytes their size
 * @param arrays native tensors of theirs
 * @param loads how often one was loaded, since the start
 */
public record AdapterStats(long count, long bytes, long arrays, long loads) {
    /** Of an engine without any. */
    public static final AdapterStats NONE = new AdapterStats(0, 0, 0, 0);
}
