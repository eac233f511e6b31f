package dev.apprentice.engine.training;

import java.util.List;

/**
 * What one forward and backward pass saw.
 *
 * @param loss the weighted sum that was differentiated
 * @param rows one value for each row: mean log-probability of the answer's tokens (cross-entropy and sloped rows) or
 *     mean KL in nats (anchor rows)
 */
public record LossReport(double loss, List<Double> rows) {
    public LossReport {
        rows = List.copyOf(rows);
    }
}
