package dev.apprentice.engine.batch;

import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.PrefixStats;
import dev.apprentice.engine.decoder.CacheBlocks;
import dev.apprentice.engine.decoder.CacheBlocks.Block;
import dev.apprentice.engine.decoder.RowCache;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Keys and values of what was read before, so that the next who begins alike need not read it again: system prompts,
 * recalled lessons, earlier turns, and the one prompt of many choices.
 *
 * <p>What is kept are blocks of {@link CacheBlocks#TOKENS}, cut at absolute multiples of that. A block's name is a hash
 * of who reads (the tenant and the adapter, by content and folder) and of all tokens up to the block's end
 * ({@link BlockNames}): two prompts share as many blocks as they have in common, and whoever differs in tenant or
 * adapter shares none. The base needs no place in the name, because a cache lives as long as the one decoder whose keys
 * it holds. A hit gives the row what it would have computed: prompts are read in pieces that end at the same multiples,
 * so that both ways see the same shapes but for what batching changes anyway.
 *
 * <p>Rows write a block as soon as they have read it and look for the next one before each piece; of many that begin
 * alike in one moment only the first reads. Bytes are bounded; what goes first is what was used least recently. A
 * policy that goes by how often something was asked for, as Caffeine's own does, keeps nothing new once the cache is
 * full: the second turn of a conversation comes once, and finds what the first one has just read. Whoever uses a chain
 * {@link #touch}es it from its end to its beginning, so that a chain is given up from its end.
 *
 * <p>The cache is a help and never a need: a block that cannot be copied is as good as none. Belongs to the engine
 * thread, all but {@link #stats()}; blocks are freed by the thread that causes it, which is the same one.
 */
final class PrefixCache implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PrefixCache.class.getName());

    private final CacheBlocks blocks;
    private final long bytesMax;

    /** Used least recently first. Caffeine forgets some uses when many come at once, and a chain would break there. */
    private final LinkedHashMap<String, Block> kept = new LinkedHashMap<>(16, 0.75f, true);

    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong read = new AtomicLong();

    /** Keeps up to {@code bytesMax} in {@code blocks}, which it closes. */
    PrefixCache(CacheBlocks blocks, long bytesMax) {
        this.blocks = blocks;
        this.bytesMax = bytesMax;
    }

    private void removed(Block block) {
        count.decrementAndGet();
        bytes.addAndGet(-block.bytes());
        block.close();
    }

    /** Writes the block {@code name} into {@code row} at token {@code at}; false if it is not here. */
    boolean take(String name, RowCache row, int at) {
        var block = kept.get(name);
        if (block == null) {
            return false;
        }
        try {
            blocks.paste(block, row, at);
        } catch (FailedException e) {
            LOG.log(System.Logger.Level.WARNING, "event=prefix_not_taken", e);
            return false;
        }
        taken.addAndGet(CacheBlocks.TOKENS);
        return true;
    }

    /** Keeps what {@code row} has read from token {@code from} on, if {@code name} is not here yet. */
    void keep(String name, RowCache row, int from) {
        if (kept.containsKey(name)) {
            return;
        }
        try {
            var block = blocks.copy(row, from);
            if (block.bytes() > bytesMax) {
                block.close();
                return;
            }
            count.incrementAndGet();
            bytes.addAndGet(block.bytes());
            kept.put(name, block);
            makeRoom();
        } catch (FailedException e) {
            LOG.log(System.Logger.Level.WARNING, "event=prefix_not_kept", e);
        }
    }

    private void makeRoom() {
        for (var oldest = kept.values().iterator(); bytes.get() > bytesMax; ) {
            evicted.incrementAndGet();
            removed(oldest.next());
            oldest.remove();
        }
    }

    /** Notes that the first {@code count} blocks of a chain are in use, its beginning last. */
    void touch(IntFunction<String> names, int count) {
        for (int i = count - 1; i >= 0; i--) {
            var _ = kept.get(names.apply(i));
        }
    }

    /** Notes that {@code tokens} of a prompt had to be read. */
    void missed(int tokens) {
        read.addAndGet(tokens);
    }

    /** What it holds and how well it serves; from any thread. */
    PrefixStats stats() {
        return new PrefixStats(taken.get(), read.get(), count.get(), bytes.get(), evicted.get());
    }

    @Override
    public void close() {
        kept.values().forEach(this::removed);
        kept.clear();
        blocks.close();
    }
}
