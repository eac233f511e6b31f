package dev.apprentice.server.bench.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plain charts as SVG text, for a page of documentation. Every number in them is in the tables too. */
final class Svg {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 380;
    private static final int LEFT = 60;
    private static final int TOP = 50;
    private static final int RIGHT = 150;
    private static final int BOTTOM = 50;
    private static final int STEPS = 5;
    private static final int LEGEND = 20;

    /** Colours that the colour-blind can tell apart (Okabe and Ito 2008). */
    private static final List<String> COLOURS =
            List.of("#000000", "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#d55e00", "#0072b2");

    private final StringBuilder svg = new StringBuilder();

    private Svg(String title) {
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH + " " + HEIGHT)
                .append("\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" role=\"img\" aria-label=\"")
                .append(escaped(title))
                .append("\">\n");
        rectangle(0, 0, WIDTH, HEIGHT, "#ffffff");
        text(LEFT, 24, "start", title);
    }

    /** Shares over a course, a line for each of {@code curves}. */
    static String lines(String title, String across, String up, Map<String, List<Double>> curves) {
        var chart = new Svg(title);
        int longest = curves.values().stream().mapToInt(List::size).max().orElse(1);
        chart.frame(up, 0, 1);
        for (int step = 0; step <= STEPS; step++) {
            int at = longest * step / STEPS;
            chart.text(x(at / (double) longest), HEIGHT - BOTTOM + 18, "middle", Integer.toString(at));
        }
        chart.text(x(0.5), HEIGHT - 12, "middle", across);
        int line = 0;
        for (var curve : curves.entrySet()) {
            var points = new ArrayList<String>();
            for (int i = 0; i < curve.getValue().size(); i++) {
                double y = y(curve.getValue().get(i), 0, 1);
                points.add(number(x((i + 1) / (double) longest)) + "," + number(y));
            }
            chart.svg
                    .append("<polyline fill=\"none\" stroke-width=\"1.8\" stroke=\"")
                    .append(colour(line))
                    .append("\" points=\"")
                    .append(String.join(" ", points))
                    .append("\"/>\n");
            chart.legend(line++, curve.getKey());
        }
        return chart.done();
    }

    /** The mean of each of {@code bars}, with its 95 % interval and its single values. */
    static String bars(String title, String up, Map<String, List<Double>> bars) {
        var chart = new Svg(title);
        double low = Math.min(0, lowest(bars));
        double high = highest(bars, low);
        chart.frame(up, low, high);
        int line = 0;
        for (var bar : bars.entrySet()) {
            var values = bar.getValue();
            double mean =
                    values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
            double width = 0.6 / bars.size();
            double from = (line + 0.2) / bars.size();
            double top = y(Math.max(mean, 0), low, high);
            double foot = y(Math.min(mean, 0), low, high);
            chart.rectangle(x(from), top, x(from + width) - x(from), foot - top, colour(line));
            double middle = x(from + width / 2);
            if (values.size() > 1) {
                var interval = Summary.interval(values);
                chart.line(middle, y(interval[0], low, high), middle, y(interval[1], low, high), "#333333", 1);
            }
            for (double value : values) {
                chart.svg
                        .append("<circle r=\"2.5\" fill=\"#333333\" cx=\"")
                        .append(number(middle))
                        .append("\" cy=\"")
                        .append(number(y(value, low, high)))
                        .append("\"/>\n");
            }
            chart.text(middle, HEIGHT - BOTTOM + 18, "middle", bar.getKey());
            line++;
        }
        return chart.done();
    }

    private static double lowest(Map<String, List<Double>> bars) {
        return bars.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(0);
    }

    /** Shares go up to 1, whatever was reached; other figures as far as they go. */
    private static double highest(Map<String, List<Double>> bars, double low) {
        double most = bars.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        return low >= 0 && most <= 1 ? 1 : Math.max(most * 1.05, low + 1e-9);
    }

    private void frame(String up, double low, double high) {
        for (int step = 0; step <= STEPS; step++) {
            double value = low + (high - low) * step / STEPS;
            double y = y(value, low, high);
            line(LEFT, y, WIDTH - RIGHT, y, "#dddddd", 1);
            text(LEFT - 6, y + 4, "end", String.format(Locale.ROOT, high - low > 20 ? "%.0f" : "%.2f", value));
        }
        text(LEFT, TOP - 10, "start", up);
    }

    private void legend(int line, String name) {
        double y = TOP + 8.0 + line * LEGEND;
        line(WIDTH - RIGHT + 12, y, WIDTH - RIGHT + 36, y, colour(line), 3);
        text(WIDTH - RIGHT + 42, y + 4, "start", name);
    }

    private void line(double fromX, double fromY, double toX, double toY, String colour, int width) {
        svg.append("<line x1=\"")
                .append(number(fromX))
                .append("\" y1=\"")
                .append(number(fromY))
                .append("\" x2=\"")
                .append(number(toX))
                .append("\" y2=\"")
                .append(number(toY))
                .append("\" stroke=\"")
                .append(colour)
                .append("\" stroke-width=\"")
                .append(width)
                .append("\"/>\n");
    }

    private void rectangle(double x, double y, double width, double height, String colour) {
        svg.append("<rect x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height))
                .append("\" fill=\"")
                .append(colour)
                .append("\"/>\n");
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append("<text fill=\"#333333\" x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(escaped(text))
                .append("</text>\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private String done() {
        return svg.append("</svg>\n").toString();
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - RIGHT - LEFT);
    }

    private static double y(double value, double low, double high) {
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - TOP);
    }

    private static String colour(int line) {
        return COLOURS.get(line % COLOURS.size());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
