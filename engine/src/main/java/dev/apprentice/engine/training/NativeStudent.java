package dev.apprentice.engine.training;

import dev.apprentice.engine.ApprenticeException.Fault;
import dev.apprentice.engine.FailedException;
import dev.apprentice.engine.decoder.ComputePermit;
import dev.apprentice.engine.decoder.Learning;
import dev.apprentice.engine.model.LoraAdapter;
import java.util.ArrayList;
import java.util.List;

/** A student on the engine's own weights: every native call is one turn of the {@link ComputePermit}. */
final class NativeStudent implements Student {
    private final Learning learning;
    private final ComputePermit permit;
    private final double dropout;

    NativeStudent(Learning learning, ComputePermit permit, double dropout) {
        this.learning = learning;
        this.permit = permit;
        this.dropout = dropout;
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
        for (var row : rows) {
            Learning.Outcome outcome;
            try (var _ = permit.learn()) {
                outcome = learning.run(RowsToBatch.of(List.of(row)), dropout, gradients);
            }
            if (!Double.isFinite(outcome.loss())) {
                learning.dropGradients();
                throw notFinite("loss", outcome.loss());
            }
            loss += outcome.loss();
            values.add(
                    switch (row.loss()) {
                        case Loss.CrossEntropy _ -> mean(outcome.chosen());
                        case Loss.StayNear _ -> mean(outcome.kl());
                    });
        }
        return new LossReport(loss, values);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    @Override
    public double optimStep(OptimStep step) throws InterruptedException {
        try (var _ = permit.learn()) {
            double norm = learning.gradientNorm();
            if (!Double.isFinite(norm)) {
                learning.dropGradients();
                throw notFinite("gradient norm", norm);
            }
            double clip = norm > step.clip() ? step.clip() / (norm + 1e-6) : 1;
            learning.adamw(clip, step.rate(), step.beta1(), step.beta2(), step.epsilon(), step.decay());
            return norm;
        }
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
