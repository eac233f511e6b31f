package dev.apprentice.server.bench.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Test 10: what a study costs those who wait for answers, and what they cost the study. */
final class ServingExercise implements JobExercise {
    @Override
    public String name() {
        return "10";
    }

    @Override
    public String title() {
        return "Serving while studying: waits against those without a study, and the study's own speed";
    }

    @Override
    public String main(JobPlan.Sizes sizes) {
        return "closed_gap_p50_ratio";
    }

    @Override
    public @Nullable String without(Arm arm) {
        return arm == Arm.BOTH ? null : "what serving costs while a study runs does not depend on who has learnt how";
    }

    @Override
    public Object key(JobPlan.Sizes sizes) {
        return List.of(sizes.drilled(), sizes.window());
    }

    @Override
    public Run run(Sitting sitting) throws InterruptedException {
        var sizes = sitting.sizes();
        var subject = sitting.subject();
        subject.enter("job");
        var lessons = new Clerk(sitting.seed()).messages(Timing.STUDIES_MAX * sizes.drilled());
        return new Run(subject.timed(lessons, sizes.window()), List.of());
    }
}
