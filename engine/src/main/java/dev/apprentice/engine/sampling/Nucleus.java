package dev.apprentice.engine.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Leaves only the likeliest candidates: the best {@code top_k}, of these the smallest set that holds {@code top_p} of
 * the mass (Holtzman et al. 2020), of these none below {@code min_p} of the best.
 */
final class Nucleus {
    private Nucleus() {}

    /** Sets the mass of all others to zero and returns the mass that is left; ties go to the lower id. */
    static double keep(double[] mass, double total, SamplingParams params) {
        var order = IntStream.range(0, mass.length)
                .filter(i -> mass[i] > 0)
                .boxed()
                .sorted((i, j) -> Double.compare(mass[j], mass[i]))
                .toArray(Integer[]::new);
        int kept = params.topK() > 0 ? Math.min(params.topK(), order.length) : order.length;
        double within = total;
        if (kept < order.length) {
            within = Arrays.stream(order, 0, kept).mapToDouble(i -> mass[i]).sum();
        }
        double floor = params.minP() * mass[order[0]];
        double left = 0;
        int count = 0;
        for (; count < kept; count++) {
            double candidate = mass[order[count]];
            if (count > 0 && (candidate < floor || left >= params.topP() * within)) {
                break;
            }
            left += candidate;
        }
        for (int i = count; i < order.length; i++) {
            mass[order[i]] = 0;
        }
        return left;
    }
}
