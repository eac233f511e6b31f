package dev.apprentice.engine.batch;

import dev.apprentice.engine.decoder.Seen;
import java.util.List;

/**
 * What a step shows of itself.
 *
 * @param layers after which the hidden states are wanted by anybody, ascending
 */
record Watched(List<Integer> layers) {
    /** All that {@code sequences} want to see. */
    static Watched by(List<Sequence> sequences) {
        return new Watched(sequences.stream()
                .flatMap(sequence -> sequence.watched().stream())
                .distinct()
                .sorted()
                .toList());
    }

    /** What {@code sequence} wants to see of the token at {@code place} among the wanted ones, [layers, hidden]. */
    float[][] state(Sequence sequence, Seen seen, int place) {
        boolean sees = place >= 0 && place < seen.predictions().size();
        return sees
                ? sequence.watched().stream()
                        .map(layer -> seen.states()[layers.indexOf(layer)][place])
                        .toArray(float[][]::new)
                : new float[0][];
    }
}
