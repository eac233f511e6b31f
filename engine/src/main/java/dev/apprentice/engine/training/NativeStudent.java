package dev.apprentice.engine.training;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Learning;
import dev.apprentice.engine.model.LoraAdapter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A student on the engine's own weights: everything native happens in turns of the {@link ComputePermit}. */
final class NativeStudent implements Student {
    private final Learning learning;
    private final ComputePermit permit;
    private final double dropout;
    private final Turns turns;
    private final Portions portions;

    NativeStudent(Learning learning, ComputePermit permit, double dropout, int tokensMax) {
        this.learning = learning;
        this.permit = permit;
        this.dropout = dropout;
        this.portions = new Portions(permit, tokensMax);
        this.turns = new Turns(permit, System::nanoTime);
    }

    @Override
    public LossReport forwardBackward(List<TrainingRow> rows) throws InterruptedException {
        return run(rows, true);
    }

    @Override
    public List<Double> measure(List<TrainingRow> rows) throws InterruptedException {
        return run(rows, false).rows();
    }

    private LossReport run(List<TrainingRow> rows, boolean gradients) throws InterruptedException {
        double loss = 0;
        var values = new ArrayList<Double>();
        while (values.size() < rows.size()) {
            var portion = portions.next(rows.subList(values.size(), rows.size()));
            var outcome = pass(portion, gradients);
            if (!Double.isFinite(outcome.loss())) {
                learning.dropGradients();
                throw notFinite("loss", outcome.loss());
            }
            loss += outcome.loss();
            values.addAll(means(portion, outcome));
        }
        return new LossReport(loss, values);
    }

    private Learning.Outcome pass(List<TrainingRow> rows, boolean gradients) throws InterruptedException {
        var batch = RowsToBatch.of(rows);
        try (var pass = learning.pass(batch, dropout, gradients, portions.positions())) {
            portions.took(batch.ids().length, turns.through(pass));
            return pass.outcome();
        }
    }

    private static List<Double> means(List<TrainingRow> rows, Learning.Outcome outcome) {
        var means = new ArrayList<Double>();
        int ce = 0;
        int kl = 0;
        for (var row : rows) {
            int count = row.answerTokens();
            switch (row.loss()) {
                case Loss.CrossEntropy _, Loss.Sloped _ -> {
                    means.add(mean(outcome.chosen(), ce, count));
                    ce += count;
                }
                case Loss.StayNear _ -> {
                    means.add(mean(outcome.kl(), kl, count));
                    kl += count;
                }
            }
        }
        return means;
    }

    private static double mean(float[] values, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += values[i];
        }
        return sum / count;
    }

    @Override
    public double optimStep(OptimStep step) throws InterruptedException {
        double norm = norm();
        if (!Double.isFinite(norm)) {
            learning.dropGradients();
            throw notFinite("gradient norm", norm);
        }
        double clip = norm > step.clip() ? step.clip() / (norm + 1e-6) : 1;
        learning.beginStep();
        turns.through(new Parts(
                learning.parts(),
                part -> learning.adamw(
                        part, clip, step.rate(), step.beta1(), step.beta2(), step.epsilon(), step.decay())));
        return norm;
    }

    private double norm() throws InterruptedException {
        var squares = new double[learning.parts()];
        turns.through(new Parts(squares.length, part -> squares[part] = learning.squares(part)));
        return Math.sqrt(Arrays.stream(squares).sum());
    }

    @Override
    public LoraAdapter snapshot() throws InterruptedException {
        try (var _ = permit.learn()) {
            return learning.snapshot();
        }
    }

    private static FailedException notFinite(String what, double found) {
        return new FailedException(
                "not_finite", what + " is no number", Fault.of(what, "a finite number", Double.toString(found)));
    }

    @Override
    public void close() {
        learning.close();
    }
}
