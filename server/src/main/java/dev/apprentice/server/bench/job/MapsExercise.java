package dev.apprentice.server.bench.job;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;

/**
 * Test 4: maps from symbols to codes, each another permutation of the same codes, learnt one after the other. All maps
 * are asked after each, in words that are never taught (Lopez-Paz and Ranzato 2017: average accuracy, backward and
 * forward transfer). A seed is an order.
 */
final class MapsExercise implements JobExercise {
    private static final List<String> SYMBOLS = List.of(
            "anchor", "bell", "crown", "drum", "fork", "glove", "harp", "ladder", "needle", "oar", "pearl", "quill");

    private static final List<String> CODES = List.of(
            "amber", "basil", "cedar", "delta", "ember", "flint", "grove", "hazel", "ivory", "jade", "kiwi", "lotus");

    /** A map as it is taught, and as it is asked. */
    private record Book(List<Task> taught, List<Task> asked) {}

    @Override
    public String name() {
        return "4";
    }

    @Override
    public String title() {
        return "Permuted maps, learnt one after the other: what the later ones do to the earlier ones";
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        return "average_accuracy";
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return List.of(sizes.tasks(), sizes.symbols());
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var subject = sitting.subject();
        var maps = maps(sitting);
        subject.enter("job");
        var before = row(subject, maps);
        if (sitting.arm() == Arm.JOINT) {
            for (var map : maps) {
                teach(subject, map);
            }
            subject.study();
            var figures = new LinkedHashMap<String, Double>();
            figures.put("average_accuracy", mean(row(subject, maps)));
            return new Run(figures, List.of());
        }
        var rows = new ArrayList<double[]>();
        for (var map : maps) {
            teach(subject, map);
            subject.study();
            rows.add(row(subject, maps));
        }
        int last = maps.size() - 1;
        double backward = 0;
        double forward = 0;
        for (int i = 0; i < last; i++) {
            backward += (rows.get(last)[i] - rows.get(i)[i]) / last;
            forward += (rows.get(i)[i + 1] - before[i + 1]) / last;
        }
        var figures = new LinkedHashMap<String, Double>();
        figures.put("average_accuracy", mean(rows.get(last)));
        figures.put("backward_transfer", backward);
        figures.put("forward_transfer", forward);
        figures.putAll(StreamExercise.exams(subject.figures()));
        return new Run(figures, List.of());
    }

    private static List<Book> maps(Sitting sitting) {
        var names = new Names(sitting.seed());
        int size = Math.min(sitting.sizes().symbols(), SYMBOLS.size());
        var maps = new ArrayList<Book>();
        for (int k = 0; k < sitting.sizes().tasks(); k++) {
            var house = names.next();
            var codes = new ArrayList<>(CODES.subList(0, size));
            Collections.shuffle(codes, Random.from(names.random()));
            var taught = new ArrayList<Task>();
            var asked = new ArrayList<Task>();
            for (int i = 0; i < size; i++) {
                var symbol = SYMBOLS.get(i);
                taught.add(
                        new Task("Which code does the house of %s use for %s?".formatted(house, symbol), codes.get(i)));
                asked.add(new Task("At the house of %s, %s is written how?".formatted(house, symbol), codes.get(i)));
            }
            maps.add(new Book(taught, asked));
        }
        return maps;
    }

    private static void teach(Subject subject, Book map) throws InterruptedException {
        for (var task : map.taught()) {
            subject.teach(task);
        }
    }

    private static double[] row(Subject subject, List<Book> maps) throws InterruptedException {
        var row = new double[maps.size()];
        for (int k = 0; k < row.length; k++) {
            row[k] = StreamExercise.share(subject, maps.get(k).asked());
        }
        return row;
    }

    private static double mean(double[] row) {
        double sum = 0;
        for (double one : row) {
            sum += one / row.length;
        }
        return sum;
    }
}
