package dev.apprentice.engine.decoder;

/**
 * Some rows laid end to end, with what they are trained for, as {@link LearningPass} wants them.
 *
 * @param ids token ids of all rows
 * @param positions of each token in its row
 * @param rows per row: first token, tokens, how many of the batch's first tokens it goes on from
 * @param ceAt places whose next token is trained
 * @param targets those next tokens
 * @param ceWeight factors of their negative log-probabilities
 * @param klAt places that must stay near the base
 * @param k how many of the base's best tokens are given for each
 * @param topIds [klAt, k]
 * @param topLogprobs [klAt, k]
 * @param klWeight factors of their KL
 */
@SuppressWarnings("ArrayRecordComponent") // handed to native code as it is, and never compared
public record LearningBatch(
        long[] ids,
        long[] positions,
        long[] rows,
        long[] ceAt,
        long[] targets,
        float[] ceWeight,
        long[] klAt,
        int k,
        int[] topIds,
        float[] topLogprobs,
        float[] klWeight) {}
