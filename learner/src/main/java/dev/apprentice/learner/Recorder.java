package dev.apprentice.learner;

import dev.apprentice.engine.UnavailableException;
import dev.apprentice.learner.interaction.AnswerState;
import dev.apprentice.learner.interaction.Interactions;
import dev.apprentice.learner.interaction.Said;
import dev.apprentice.learner.lesson.Ledger;
import dev.apprentice.learner.store.Store;
import java.time.Clock;
import java.util.function.Consumer;

/** Writes down what was answered, behind the back of whoever reads it. */
final class Recorder {
    private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

    private final Store store;
    private final Interactions interactions;
    private final Ledger ledger;
    private final Clock clock;

    Recorder(Store store, Interactions interactions, Ledger ledger, Clock clock) {
        this.store = store;
        this.interactions = interactions;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Records an answer; corrections that came before its end judge it now. {@code then} hears when it is durable. */
    void said(Said said, Consumer<Stage> then) {
        var began = clock.instant();
        try {
            var _ = store.submit(
                    db -> {
                        interactions.said(db, said);
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
