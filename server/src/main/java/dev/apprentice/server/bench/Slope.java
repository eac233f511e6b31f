package dev.apprentice.server.bench;

import java.util.List;

/**
 * A straight line through measurements, by least squares.
 *
 * @param perHour how much more there is after an hour
 * @param error of that, one standard deviation; infinite where there are fewer than three points
 */
record Slope(double perHour, double error) {
    private static final double HOUR = 3600;

    /** Through {@code values} at {@code seconds}. */
    static Slope through(List<Double> seconds, List<Double> values) {
        int count = seconds.size();
        double meanX = mean(seconds);
        double meanY = mean(values);
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < count; i++) {
            xx += (seconds.get(i) - meanX) * (seconds.get(i) - meanX);
            xy += (seconds.get(i) - meanX) * (values.get(i) - meanY);
        }
        double slope = xx == 0 ? 0 : xy / xx;
        double rest = 0;
        for (int i = 0; i < count; i++) {
            double off = values.get(i) - meanY - slope * (seconds.get(i) - meanX);
            rest += off * off;
        }
        double error = count < 3 || xx == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(rest / (count - 2) / xx);
        return new Slope(slope * HOUR, error * HOUR);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
