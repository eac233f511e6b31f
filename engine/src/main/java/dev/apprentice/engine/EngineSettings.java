package dev.apprentice.engine;

import dev.apprentice.engine.ApprenticeException.Fault;
import java.nio.file.Path;

/**
 * How the engine runs one base model.
 *
 * @param model a Hugging Face folder or a GGUF file, on this machine
 * @param dtype in which arithmetic the products run
 * @param threads how many threads one native computation uses
 * @param maxRows how many answers are decoded in one batch, at most
 * @param queueLimit how many requests may wait for a place in the batch; one more is refused
 * @param prefillTokens how many prompt tokens one step reads, at most, over all rows
 * @param cacheBytes how many bytes of keys and values the running answers may hold together
 * @param adapterBytes how many bytes of adapters are loaded, at most, those in use included; who finds no room waits
 * @param prefixCacheBytes how many bytes of keys and values of prompts' beginnings are kept for those who begin alike;
 *     0 keeps none
 */
public record EngineSettings(
        Path model,
        Dtype dtype,
        int threads,
        int maxRows,
        int queueLimit,
        int prefillTokens,
        long cacheBytes,
        long adapterBytes,
        long prefixCacheBytes) {

    /** The arithmetic of the products. */
    public enum Dtype {
        /** The fastest on this machine, measured at the first start; int8 only where it costs next to nothing. */
        AUTO,
        /** 32-bit floating point. */
        FP32,
        /** bfloat16 products and caches, fp32 norms and log-probabilities. */
        BF16,
        /** 8-bit integer products where they cost little, bfloat16 elsewhere. */
        INT8
    }

    /** Defaults for {@code model} on this machine. */
    public static EngineSettings of(Path model) {
        var threads = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));
        return new EngineSettings(model, Dtype.FP32, threads, 16, 256, 256, 4L << 30, 1L << 30, 1L << 29);
    }

    public EngineSettings {
        positive("engine.threads", threads);
        positive("engine.max_rows", maxRows);
        positive("engine.queue_limit", queueLimit);
        positive("engine.prefill_tokens", prefillTokens);
        positive("engine.cache_bytes", cacheBytes);
        positive("engine.adapter_bytes", adapterBytes);
        atLeast(0, "engine.prefix_cache_bytes", prefixCacheBytes);
    }

    /** The same with another {@code dtype}. */
    public EngineSettings with(Dtype dtype) {
        return new EngineSettings(
                model, dtype, threads, maxRows, queueLimit, prefillTokens, cacheBytes, adapterBytes, prefixCacheBytes);
    }

    private static void positive(String field, long value) {
        atLeast(1, field, value);
    }

    private static void atLeast(long least, String field, long value) {
        if (value < least) {
            throw new InvalidRequestException(
                    "bad_setting",
                    field + " must be at least " + least + ", found " + value,
                    Fault.of(field, "at least " + least, Long.toString(value)));
        }
    }
}
