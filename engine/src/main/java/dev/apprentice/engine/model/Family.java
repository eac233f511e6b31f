package dev.apprentice.engine.model;

/** The model families that the decoder can run; each is named once here and is a set of flags everywhere else. */
public enum Family {
    /** Llama 2 and 3, SmolLM2, and everything that GGUF calls {@code llama}. */
    LLAMA,
    /** Mistral, as a Hugging Face folder. */
    MISTRAL,
    /** Qwen 2 and 2.5, dense. */
    QWEN2,
    /** Qwen 3, dense: RMS norms on queries and keys. */
    QWEN3
}
