package dev.apprentice.learner;

import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.interaction.AnswerState;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.interaction.Said;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.store.Store;
import dev.apprentice.learner.value.Seen;
import dev.apprentice.learner.value.Values;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down what was answered, behind the back of whoever reads it. */
final class Recorder {
    private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

    private final Store store;
    private final Interactions interactions;
    private final Ledger ledger;
    private final Values values;
    private final Clock clock;

    Recorder(Store store, Interactions interactions, Ledger ledger, Values values, Clock clock) {
        this.store = store;
        this.interactions = interactions;
        this.ledger = ledger;
        this.values = values;
        this.clock = clock;
    }

    /**
     * Records an answer, with what was {@code seen} of it where there is something to be judged; corrections that came
     * before its end judge it now. {@code then} hears when it is durable.
     */
    void said(Said said, @Nullable Seen seen, Consumer<Stage> then) {
        var began = clock.instant();
        try {
            store.leave(
                    db -> {
                        interactions.said(db, said);
                        if (seen != null) {
                            values.said(db, seen);
                        }
                        if (said.state() == AnswerState.FINISHED) {
                            ledger.answered(db, said.interaction(), said.choice(), said.text());
                        }
                        return said;
                    },
                    _ -> then.accept(new Stage(Stage.Kind.RECORD, began, clock.instant())));
        } catch (UnavailableException e) { // closing: the answer was read, only its record is lost
            LOG.log(
                    System.Logger.Level.WARNING,
                    "interaction=unrecorded id={0} reason={1}",
                    said.interaction(),
                    e.code());
        }
    }
}
