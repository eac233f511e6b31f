package dev.apprentice.engine.training;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.InvalidRequestException;

/**
 * Which adapter a student trains: LoRA (Hu et al. 2021) on all seven linear maps of some layers.
 *
 * @param rank r, 1 to 256
 * @param alpha scale numerator: the update is alpha / rank times B A
 * @param dropout on the adapter's input while training, 0 to below 1
 * @param fromLayer first layer that carries it
 * @param toLayer one past the last
 */
public record AdapterPlan(int rank, double alpha, double dropout, int fromLayer, int toLayer) {
    public AdapterPlan {
        if (rank < 1 || rank > 256) {
            throw bad("rank", "1 to 256", rank);
        }
        if (!(alpha > 0)) {
            throw bad("alpha", "above 0", alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw bad("dropout", "0 to below 1", dropout);
        }
        if (fromLayer < 0 || toLayer <= fromLayer) {
            throw bad("layers", "at least one layer", fromLayer + ".." + toLayer);
        }
    }

    private static InvalidRequestException bad(String field, String expected, Object found) {
        return new InvalidRequestException(
                "bad_plan",
                field + " must be " + expected + ", found " + found,
                Fault.of(field, expected, String.valueOf(found)));
    }
}
