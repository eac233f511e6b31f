package dev.apprentice.engine;

import dev.apprentice.engine.ApprenticeException.Fault;
import java.nio.file.Path;

/**
 * How the engine runs one base model.
 *
 * @param model a Hugging Face folder or a GGUF file, on this machine
 * @param device where it computes
 * @param dtype in which arithmetic the products run
 * @param threads how many threads one native computation uses
 * @param maxRows how many answers are decoded in one batch, at most
 * @param queueLimit how many requests may wait for a place in the batch; one more is refused
 * @param prefillTokens how many prompt tokens one step reads, at most, over all rows
 * @param cacheBytes how many bytes of keys and values the running answers may hold together; {@link #BY_DEVICE} leaves
 *     it to the engine
 * @param adapterBytes how many bytes of adapters are loaded, at most, those in use included; who finds no room waits
 * @param prefixCacheBytes how many bytes of keys and values of prompts' beginnings are kept for those who begin alike;
 *     0 keeps none
 * @param learning in which arithmetic studies multiply by the frozen weights on a processor; on a GPU they learn on
 *     those that serve
 */
public record EngineSettings(
        Path model,
        Placement device,
        Dtype dtype,
        int threads,
        int maxRows,
        int queueLimit,
        int prefillTokens,
        long cacheBytes,
        long adapterBytes,
        long prefixCacheBytes,
        LearningDtype learning) {

    /** {@link #cacheBytes} worked out at start: on a GPU, half of what is free there when the weights are. */
    public static final long BY_DEVICE = 0;

    private static final long CACHE_BYTES = 4L << 30;

    /** The arithmetic of the products. */
    public enum Dtype {
        /**
         * On a processor the fastest, measured at the first start, and int8 only where it costs next to nothing; on a
         * GPU bf16.
         */
        AUTO,
        /** 32-bit floating point. */
        FP32,
        /** bfloat16 products and caches, fp32 norms and log-probabilities. */
        BF16,
        /** 8-bit integer products where they cost little, bfloat16 elsewhere; on a processor only. */
        INT8
    }

    /** The arithmetic of a study's products with the frozen weights; all else of it is fp32. */
    public enum LearningDtype {
        /** bfloat16 where that was measured to be much faster here, else fp32. */
        AUTO,
        /** 32-bit floating point, on the weights as the model's files give them. */
        FP32,
        /** bfloat16, on weights packed for both ways: twice as fast on some processors, slower on others. */
        BF16
    }

    /** The same with studies in fp32. */
    public EngineSettings(
            Path model,
            Placement device,
            Dtype dtype,
            int threads,
            int maxRows,
            int queueLimit,
            int prefillTokens,
            long cacheBytes,
            long adapterBytes,
            long prefixCacheBytes) {
        this(
                model,
                device,
                dtype,
                threads,
                maxRows,
                queueLimit,
                prefillTokens,
                cacheBytes,
                adapterBytes,
                prefixCacheBytes,
                LearningDtype.FP32);
    }

    /** Defaults for {@code model} on this machine's processor. */
    public static EngineSettings of(Path model) {
        var threads = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));
        return new EngineSettings(
                model, new Placement.Cpu(), Dtype.FP32, threads, 16, 256, 256, BY_DEVICE, 1L << 30, 1L << 29);
    }

    public EngineSettings {
        positive("engine.threads", threads);
        positive("engine.max_rows", maxRows);
        positive("engine.queue_limit", queueLimit);
        positive("engine.prefill_tokens", prefillTokens);
        atLeast(0, "engine.cache_bytes", cacheBytes);
        positive("engine.adapter_bytes", adapterBytes);
        atLeast(0, "engine.prefix_cache_bytes", prefixCacheBytes);
    }

    /** The same with another {@code dtype}. */
    public EngineSettings with(Dtype dtype) {
        return with(device, dtype, maxRows, cacheBytes);
    }

    /** The same on another {@code device}. */
    public EngineSettings on(Placement device) {
        return with(device, dtype, maxRows, cacheBytes);
    }

    /** The same with room for {@code maxRows} answers. */
    public EngineSettings rows(int maxRows) {
        return with(device, dtype, maxRows, cacheBytes);
    }

    /** The same with a definite number of bytes for keys and values, on a processor or a device that can't be asked. */
    EngineSettings settled() {
        return cachingAtMost(CACHE_BYTES);
    }

    /** The same on a device that has {@code free} bytes. */
    EngineSettings settled(long free) {
        return cachingAtMost(Math.max(1, free / 2));
    }

    private EngineSettings cachingAtMost(long byDevice) {
        return with(device, dtype, maxRows, cacheBytes == BY_DEVICE ? byDevice : cacheBytes);
    }

    private EngineSettings with(Placement device, Dtype dtype, int maxRows, long cacheBytes) {
        return new EngineSettings(
                model,
                device,
                dtype,
                threads,
                maxRows,
                queueLimit,
                prefillTokens,
                cacheBytes,
                adapterBytes,
                prefixCacheBytes,
                learning);
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
