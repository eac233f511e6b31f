package dev.apprentice.engine.model;

import java.util.Map;

/** What a reader found, whatever the format; {@code tensors} in the order of the forward pass. */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record ModelParts(
        String name,
        ModelConfig config,
        byte[] tokenizerJson,
        SpecialTokens specials,
        Map<String, String> templates,
        GenerationDefaults defaults,
        Map<String, MappedTensor> tensors) {}
