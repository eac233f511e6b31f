package dev.apprentice.engine.model;

import org.jspecify.annotations.Nullable;

/**
 * What a model's files say of its special tokens.
 *
 * @param bos text of the token that begins a sequence, or null
 * @param eos text of the token that ends one, or null
 * @param unk text of the unknown token, or null
 * @param pad text of the padding token, or null
 * @param addBos whether raw text must begin with {@code bos}
 * @param stopIds ids that end an answer, ascending: the union of all places that name one
 */
@SuppressWarnings("ArrayRecordComponent") // a handful of ids, never compared
public record SpecialTokens(
        @Nullable String bos,
        @Nullable String eos,
        @Nullable String unk,
        @Nullable String pad,
        boolean addBos,
        int[] stopIds) {}
